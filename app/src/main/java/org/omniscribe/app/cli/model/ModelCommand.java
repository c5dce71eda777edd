package org.omniscribe.app.cli.model;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.omniscribe.app.command.ExitCode;
import org.omniscribe.app.command.Version;
import org.omniscribe.asr.model.ModelBundle;
import org.omniscribe.asr.model.ModelException;
import org.omniscribe.export.hub.ModelStore;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code omniscribe model}: what models there are, what they say of themselves, and where they come from. */
@Command(
        name = "model",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            ModelGetCommand.class,
            ModelImportCommand.class,
            ModelQuantizeCommand.class,
            ModelRunCommand.class
        },
        description = "Look at models, bring in others, make them smaller.",
        footerHeading = "%nExamples:%n",
        footer = {"  omniscribe model info", "  omniscribe model info my-model.zip", "  omniscribe model list models/"})
public final class ModelCommand {
    @Spec
    private CommandSpec command;

    @Command(
            name = "info",
            mixinStandardHelpOptions = true,
            versionProvider = Version.class,
            description = "Tell of a model its network, its input, its training and its error rates.")
    int info(
            @Parameters(
                            arity = "0..1",
                            paramLabel = "BUNDLE",
                            description = "A folder or a zip file. Default: the model that is built in.")
                    Path path) {
        ModelBundle bundle = path == null ? ModelBundle.openDefault() : ModelBundle.open(path);
        PrintWriter out = command.commandLine().getOut();
        out.print(ModelCard.of(bundle));
        out.flush();
        return ExitCode.DONE;
    }

    @Command(
            name = "list",
            mixinStandardHelpOptions = true,
            versionProvider = Version.class,
            description = "List the model that is built in, the user's, and the bundles in folders.")
    int list(
            @Parameters(
                            arity = "0..*",
                            paramLabel = "DIR",
                            description = "Folders with bundles in them; what is in their folders is not looked at.")
                    List<Path> folders) {
        PrintWriter out = command.commandLine().getOut();
        PrintWriter err = command.commandLine().getErr();
        List<String> faults = new ArrayList<>();
        try {
            out.println(ModelCard.line("(built in)", ModelBundle.openDefault().manifest()));
        } catch (ModelException e) {
            faults.add(e.getMessage());
        }
        List<Path> places = new ArrayList<>();
        Path own = ModelStore.ofUser(System::getenv).folder();
        if (Files.isDirectory(own)) {
            places.add(own);
        }
        places.addAll(folders == null ? List.of() : folders);
        for (Path path : bundles(places, faults)) {
            try {
                out.println(
                        ModelCard.line(path.toString(), ModelBundle.open(path).manifest()));
            } catch (ModelException e) {
                faults.add(e.getMessage());
            }
        }
        out.flush();
        faults.forEach(fault -> err.println("omniscribe: " + fault));
        return faults.isEmpty() ? ExitCode.DONE : ExitCode.SOME_FAILED;
    }

    private static List<Path> bundles(List<Path> folders, List<String> faults) {
        List<Path> bundles = new ArrayList<>();
        for (Path folder : folders) {
            try (Stream<Path> files = Files.list(folder)) {
                files.filter(ModelCommand::isBundle).sorted().forEach(bundles::add);
            } catch (IOException e) {
                faults.add(
                        folder + " cannot be read as a folder (" + e.getClass().getSimpleName() + ")");
            }
        }
        return bundles;
    }

    private static boolean isBundle(Path path) {
        String name = path.getFileName().toString().toLowerCase(Locale.ROOT);
        return Files.isDirectory(path)
                ? Files.isRegularFile(path.resolve(ModelBundle.MANIFEST))
                : name.endsWith(".zip") || name.endsWith(".omni");
    }
}
