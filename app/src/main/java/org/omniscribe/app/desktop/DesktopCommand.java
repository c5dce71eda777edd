package org.omniscribe.app.desktop;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.omniscribe.app.command.CommandException;
import org.omniscribe.app.command.ExitCode;
import org.omniscribe.app.command.Version;
import org.omniscribe.asr.audio.AudioSource;
import org.omniscribe.asr.audio.Channel;
import org.omniscribe.asr.audio.PlayedFile;
import org.omniscribe.asr.io.OmniscribeException.Kind;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code omniscribe desktop}: the window. */
@Command(
        name = "desktop",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        description = "Open the window: live speech, files, experts, models, reports.",
        footerHeading = "%nExamples:%n",
        footer = {"  omniscribe desktop", "  omniscribe desktop interviews/", "  omniscribe desktop --play talk.wav"})
public final class DesktopCommand implements Callable<Integer> {
    @Parameters(arity = "0..*", paramLabel = "FILE|DIR", description = "Recordings to transcribe at once.")
    private List<Path> recordings = List.of();

    @Option(
            names = "--play",
            paramLabel = "FILE",
            description = "A recording that plays the part of the microphone, at the speed at which it was spoken.")
    private Path played;

    @Override
    public Integer call() throws InterruptedException {
        Optional<AudioSource> source =
                Optional.ofNullable(played).map(file -> new PlayedFile(file, new Channel.Mix(), 1));
        try {
            Desktop.run(recordings, source);
            return ExitCode.DONE;
        } catch (UnsupportedOperationException e) {
            throw new CommandException(
                    Kind.ENVIRONMENT,
                    "no window can be opened: " + e.getMessage()
                            + ". Start it in a desktop session; on Linux it needs GTK 3 (Debian, Ubuntu: libgtk-3-0)");
        } catch (NoClassDefFoundError e) {
            throw new CommandException(
                    Kind.ENVIRONMENT,
                    "the libraries of the window are not on the module path (" + e.getMessage()
                            + "): start it with the launcher, omniscribe desktop");
        }
    }
}
