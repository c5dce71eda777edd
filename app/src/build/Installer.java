import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Enumeration;
import java.util.List;
import java.util.Locale;
import java.util.spi.ToolProvider;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;

/**
 * Makes an installer with jpackage: {@code mvn -Pinstaller package -DskipTests}.
 *
 * <p>Arguments: the build folder with omniscribe.jar and lib, the version, and the type as jpackage names it: {@code
 * default} for what the system installs (a .deb on Debian and Ubuntu), or {@code app-image} for a folder. Without PyTorch,
 * which serves training alone, and with ONNX Runtime for this system alone.
 */
final class Installer {
    private static final String NATIVES = "ai/onnxruntime/native/";

    /** Of the Java platform; what serves developers alone is left out. */
    private static final String MODULES = "java.se,jdk.management,jdk.unsupported,jdk.crypto.ec,jdk.zipfs";

    private Installer() {}

    public static void main(String[] args) throws IOException {
        Path target = Path.of(args[0]).toAbsolutePath();
        String version = args[1];
        String type = args[2];
        Path work = target.resolve("installer");
        delete(work);
        Path input = Files.createDirectories(work.resolve("input"));
        Files.copy(target.resolve("omniscribe.jar"), input.resolve("omniscribe.jar"));
        copyJars(target.resolve("lib"), input.resolve("lib"));
        copyJars(target.resolve("lib/javafx"), input.resolve("javafx"));
        copyJars(target.resolve("lib/desktop"), input.resolve("lib/desktop"));
        takeOutNatives(input.resolve("lib"), input.resolve("native"));

        List<String> command = new ArrayList<>(List.of(
                "--name", "omniscribe",
                "--app-version", version,
                "--vendor", "Omniscribe",
                "--description", "English speech to text on this machine",
                "--input", input.toString(),
                "--dest", work.toString(),
                "--main-jar", "omniscribe.jar",
                "--main-class", "org.omniscribe.app.Main",
                // Without arguments it opens the window; with some it is the command line.
                "--arguments", "desktop",
                "--icon", target.resolveSibling("src/main/resources/org/omniscribe/app/desktop/icon.png").toString(),
                "--add-modules", MODULES));
        for (String option : List.of(
                "--module-path=$APPDIR/javafx",
                "--add-modules=javafx.controls",
                "-Dai.djl.offline=true",
                "-Donnxruntime.native.path=$APPDIR/native",
                "-XX:+UseSerialGC")) {
            command.add("--java-options");
            command.add(option);
        }
        if (Runtime.version().feature() >= 22) {
            command.addAll(List.of("--java-options", "--enable-native-access=javafx.graphics,ALL-UNNAMED"));
        }
        if (Runtime.version().feature() >= 24) {
            command.addAll(List.of("--java-options", "--sun-misc-unsafe-memory-access=allow"));
        }
        if (!type.equals("default")) {
            command.addAll(List.of("--type", type));
        }
        if (!type.equals("app-image")) {
            command.addAll(List.of("--license-file", target.resolve("../../LICENSE").normalize().toString()));
            if (System.getProperty("os.name").equals("Linux")) {
                command.addAll(List.of(
                        "--resource-dir", target.resolveSibling("src/build/deb").toString(),
                        "--linux-shortcut",
                        "--linux-menu-group", "AudioVideo;Audio;Utility",
                        "--linux-app-category", "sound",
                        // The libraries in the window's jars are not seen by jpackage.
                        "--linux-package-deps", "libgtk-3-0, libgl1, libasound2"));
            }
        }
        ToolProvider jpackage = ToolProvider.findFirst("jpackage")
                .orElseThrow(() -> new IOException("this Java has no jpackage: use a full JDK"));
        int code = jpackage.run(System.out, System.err, command.toArray(new String[0]));
        delete(input);
        if (code != 0) {
            throw new IOException("jpackage ended with " + code
                    + "; on Debian and Ubuntu it needs the packages fakeroot and binutils");
        }
    }

    private static void copyJars(Path from, Path to) throws IOException {
        Files.createDirectories(to);
        try (Stream<Path> files = Files.list(from)) {
            for (Path jar : files.filter(file -> file.toString().endsWith(".jar")).toList()) {
                Files.copy(jar, to.resolve(jar.getFileName()));
            }
        }
    }

    /** Leaves out the natives of ONNX Runtime: this system's go to a folder, which also saves unpacking them at starts. */
    private static void takeOutNatives(Path lib, Path natives) throws IOException {
        String system = System.getProperty("os.name").toLowerCase(Locale.ROOT);
        String processor = System.getProperty("os.arch");
        String platform = (system.contains("windows") ? "win" : system.contains("mac") ? "osx" : "linux") + "-"
                + (processor.equals("amd64") || processor.equals("x86_64") ? "x64" : processor);
        Path jar;
        try (Stream<Path> files = Files.list(lib)) {
            jar = files.filter(file -> file.getFileName().toString().matches("onnxruntime(_gpu)?-[0-9].*\\.jar"))
                    .findFirst()
                    .orElseThrow();
        }
        Files.createDirectories(natives);
        Path slim = lib.resolve("slim.jar");
        try (ZipFile from = new ZipFile(jar.toFile());
                OutputStream file = Files.newOutputStream(slim);
                ZipOutputStream to = new ZipOutputStream(file)) {
            for (Enumeration<? extends ZipEntry> entries = from.entries(); entries.hasMoreElements(); ) {
                ZipEntry entry = entries.nextElement();
                try (InputStream in = from.getInputStream(entry)) {
                    if (!entry.getName().startsWith(NATIVES)) {
                        to.putNextEntry(new ZipEntry(entry.getName()));
                        in.transferTo(to);
                        to.closeEntry();
                    } else if (entry.getName().startsWith(NATIVES + platform + "/") && !entry.isDirectory()) {
                        Files.copy(in, natives.resolve(Path.of(entry.getName()).getFileName().toString()));
                    }
                }
            }
        }
        Files.delete(jar);
        Files.move(slim, jar);
    }

    private static void delete(Path path) throws IOException {
        if (Files.exists(path)) {
            try (Stream<Path> files = Files.walk(path)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        }
    }
}
