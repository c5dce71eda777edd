package org.omniscribe.app.cli.model;

import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import org.omniscribe.app.command.CommandException;
import org.omniscribe.app.command.DownloadProgress;
import org.omniscribe.app.command.ExitCode;
import org.omniscribe.app.command.Progress;
import org.omniscribe.app.command.Version;
import org.omniscribe.asr.io.OmniscribeException.Kind;
import org.omniscribe.datasets.download.Checksum;
import org.omniscribe.datasets.download.DownloadException;
import org.omniscribe.datasets.download.DownloadSettings;
import org.omniscribe.datasets.download.Downloader;
import org.omniscribe.export.hub.ModelStore;
import org.omniscribe.export.hub.PublishedModel;
import org.omniscribe.export.onnx.Importer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code omniscribe model get}: a published model, on this machine and ready to use. */
@Command(
        name = "get",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        sortOptions = false,
        description = {
            "Download a published checkpoint, import it, try it, and put it among the user's models, where \"model"
                    + " list\" finds it. Without a name, tell which are known.",
            "",
            "The published ones are for research only, and their server wants an access token of a user who has"
                    + " accepted their licence there: it is taken from the variable HF_TOKEN, and sent to that server"
                    + " alone.",
            "",
            "Models are kept in the folder that the variable OMNISCRIBE_MODELS names, else in that of the user's data."
                    + " A download that was interrupted goes on where it was; its SHA-256 is kept, and must be the same"
                    + " the next time."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  omniscribe model get",
            "  HF_TOKEN=hf_... omniscribe model get streaming-0.6b --tokens spm.model --accept-licence",
            "  omniscribe model get https://example.org/model.safetensors --name mine --tokens tokens.txt"
        })
final class ModelGetCommand implements Callable<Integer> {
    @Spec
    private CommandSpec command;

    @Parameters(
            arity = "0..1",
            paramLabel = "NAME|URL|PATH",
            description = "A published model, an address, or a file that is here already.")
    private String source;

    @Option(names = "--name", paramLabel = "NAME", description = "Name of the model among the user's.")
    private String name;

    @Option(names = "--accept-licence", description = "The licence of the model is accepted.")
    private boolean accept;

    @Option(names = "--sha256", paramLabel = "HEX", description = "SHA-256 of the checkpoint.")
    private String sha256;

    @Mixin
    private ImportOptions options;

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (source == null) {
            return list();
        }
        ModelStore store = ModelStore.ofUser(System::getenv);
        Optional<PublishedModel> published = PublishedModel.named(source);
        String called =
                name != null ? name : published.map(PublishedModel::name).orElseGet(() -> shortName(source));
        if (!called.matches("[A-Za-z0-9_][A-Za-z0-9._-]*")) {
            throw new ParameterException(
                    command.commandLine(), "\"" + called + "\" cannot be the name of a folder; give another --name");
        }
        Path checkpoint;
        if (published.isPresent()) {
            PublishedModel model = published.get();
            licence(store, model);
            checkpoint = fetch(store, called, model.address());
        } else if (source.matches("(?i)https?://.*")) {
            checkpoint = fetch(store, called, address());
        } else {
            checkpoint = Path.of(source);
            if (!Files.exists(checkpoint)) {
                throw new ParameterException(
                        command.commandLine(),
                        "there is no published model and no file \"" + source
                                + "\"; \"omniscribe model get\" tells which" + " are known");
            }
        }
        Importer.Options known = options.with(
                command.commandLine(),
                called,
                Optional.empty(),
                Set.of(),
                published.isPresent() ? PublishedModel.LICENCE : "NOASSERTION",
                published.map(PublishedModel::attention));
        Importer.Result result = Importer.run(checkpoint, store.bundle(called), known);
        ModelImportCommand.tell(command.commandLine().getErr(), result);
        command.commandLine()
                .getOut()
                .println(ModelCard.line(
                        store.bundle(called).toString(), result.bundle().manifest()));
        return ExitCode.DONE;
    }

    private int list() {
        PrintWriter out = command.commandLine().getOut();
        for (PublishedModel model : PublishedModel.all()) {
            out.printf(
                    Locale.ROOT,
                    "%-18s %,6d MB  %-11s %s%n%18s %s%n",
                    model.name(),
                    model.megabytes(),
                    PublishedModel.LICENCE,
                    model.about(),
                    "",
                    model.page());
        }
        out.flush();
        return ExitCode.DONE;
    }

    private URI address() {
        try {
            return new URI(source);
        } catch (java.net.URISyntaxException e) {
            throw new ParameterException(command.commandLine(), source + " is no address: " + e.getReason());
        }
    }

    private static String shortName(String source) {
        String path = source.replaceAll("[?#].*", "").replaceAll("[/\\\\]+$", "");
        return path.replaceFirst(".*[/\\\\]", "").replaceFirst("\\.[A-Za-z]+$", "");
    }

    /** Shown until it is accepted, and never again after that. */
    private void licence(ModelStore store, PublishedModel model) throws IOException {
        if (store.accepted(PublishedModel.LICENCE)) {
            return;
        }
        PrintWriter err = command.commandLine().getErr();
        err.println(model.repository() + " is under the licence " + PublishedModel.LICENCE
                + " (Apple Machine Learning Research Model Licence): for research only, not for products, not to be"
                + " passed on. Its text: " + model.page());
        err.flush();
        if (!accept) {
            throw new CommandException(
                    Kind.USAGE, "read the licence; who accepts it gives --accept-licence, once on this machine");
        }
        store.accept(PublishedModel.LICENCE, model.page());
    }

    private Path fetch(ModelStore store, String called, URI address) throws InterruptedException {
        boolean hub = PublishedModel.HUB.getHost().equals(address.getHost());
        Optional<String> token = Optional.ofNullable(System.getenv("HF_TOKEN")).filter(t -> hub && !t.isBlank());
        Optional<Checksum> given;
        try {
            given = Optional.ofNullable(sha256).map(Checksum::sha256);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(command.commandLine(), "--sha256: " + e.getMessage());
        }
        try (DownloadProgress progress =
                new DownloadProgress(command.commandLine().getErr(), Progress.terminalColumns())) {
            return store.fetch(new Downloader(DownloadSettings.DEFAULT, progress), called, address, given, token);
        } catch (DownloadException e) {
            if (!hub || token.isPresent()) {
                throw e;
            }
            String remedy = " Set HF_TOKEN to an access token of a user of the hub who has accepted the licence there.";
            throw new DownloadException(e.getMessage() + remedy, e);
        }
    }
}
