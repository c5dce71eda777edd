package org.omniscribe.asr.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelBundleTest {
    @TempDir
    Path temp;

    private static String faults(Path bundle) {
        return assertThrows(ModelException.class, () -> ModelBundle.open(bundle))
                .getMessage();
    }

    private Path folder() {
        Path folder = temp.resolve("tone");
        ToneModel.write(folder);
        return folder;
    }

    private List<String> inTemp() throws IOException {
        try (Stream<Path> files = Files.list(temp)) {
            return files.map(f -> f.getFileName().toString()).sorted().toList();
        }
    }

    @Test
    void aFolderAndAZipOfItOpenAlike() throws IOException {
        ModelBundle folder = ToneModel.write(temp.resolve("tone"));
        ModelBundle zip = ToneModel.write(temp.resolve("tone.zip"));
        assertEquals(folder.manifest(), zip.manifest());
        assertEquals(ToneModel.vocabulary(), zip.vocabulary());
        assertArrayEquals(ToneModel.networkBytes(), zip.files().bytes(ModelBundle.NETWORK));
        assertArrayEquals(ToneModel.networkBytes(), folder.files().bytes(ModelBundle.NETWORK));
        assertEquals(List.of("tone", "tone.zip"), inTemp());
    }

    @Test
    void aLanguageModelIsKeptWithItsDecoderAndItsChecksum() throws IOException {
        BeamSettings settings = new BeamSettings(8, 0.5, 1, -9);
        for (String name : List.of("tone", "tone.zip")) {
            Path place = temp.resolve(name);
            ModelBundle.create(
                    place,
                    ToneModel.manifest().withBeam(settings),
                    ToneModel.vocabulary(),
                    ToneModel.network(),
                    Map.of(ModelBundle.LANGUAGE_MODEL, out -> out.write(new byte[] {1, 2, 3})));
            ModelBundle bundle = ModelBundle.open(place);
            assertArrayEquals(new byte[] {1, 2, 3}, bundle.languageModel().orElseThrow());
            assertEquals(settings, bundle.manifest().beam());
        }
        assertTrue(ToneModel.write(temp.resolve("plain")).languageModel().isEmpty());
        Files.write(temp.resolve("tone").resolve(ModelBundle.LANGUAGE_MODEL), new byte[] {1, 2, 4});
        assertTrue(faults(temp.resolve("tone")).contains("lm.bin is damaged"));
        Files.write(temp.resolve("plain").resolve(ModelBundle.LANGUAGE_MODEL), new byte[] {1, 2, 4});
        assertTrue(faults(temp.resolve("plain")).contains("gives no checksum of lm.bin"));
    }

    @Test
    void phonesThatTheNetworkDoesNotHaveAreRefused() {
        String message = assertThrows(
                        ModelException.class,
                        () -> ModelBundle.create(
                                temp.resolve("x"),
                                ToneModel.manifest(),
                                ToneModel.vocabulary(),
                                ToneModel.network(),
                                Map.of(ModelBundle.PHONES, ModelBundle.content(ToneModel.vocabulary()))))
                .getMessage();
        assertTrue(message.contains("phones.txt holds"), message);
    }

    @Test
    void aLanguageModelWithoutADecoderIsRefused() {
        String message = assertThrows(
                        ModelException.class,
                        () -> ModelBundle.create(
                                temp.resolve("x"),
                                ToneModel.manifest(),
                                ToneModel.vocabulary(),
                                ToneModel.network(),
                                Map.of(ModelBundle.LANGUAGE_MODEL, out -> out.write(1))))
                .getMessage();
        assertTrue(message.contains("gives no beam"), message);
    }

    @Test
    void aZipWithOneFolderInItOpensToo() throws IOException {
        Path zip = temp.resolve("wrapped.zip");
        try (ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(zip));
                Stream<Path> files = Files.list(folder())) {
            for (Path file : files.toList()) {
                out.putNextEntry(new ZipEntry("tone/" + file.getFileName()));
                Files.copy(file, out);
            }
        }
        assertEquals("tone", ModelBundle.open(zip).manifest().name());
    }

    @Test
    void aBundleInAJarOpensAndRuns() throws IOException {
        Path jar = temp.resolve("a jar.zip");
        ToneModel.write(jar);
        URL manifest = new URL("jar:" + jar.toUri() + "!/model.json");
        ModelBundle bundle = ModelBundle.open("default", new BundleFiles.Resources(manifest));
        assertEquals(ToneModel.vocabulary(), bundle.vocabulary());
        assertFalse(bundle.files().has("lm.arpa"));
        try (AcousticModel model = AcousticModel.open(bundle, RuntimeOptions.standard())) {
            assertEquals(2, model.run(new float[8][80]).steps());
        }
    }

    @Test
    void theSameModelGivesTheSameZip() throws IOException {
        ToneModel.write(temp.resolve("a.zip"));
        ToneModel.write(temp.resolve("b.omni"));
        assertEquals(-1, Files.mismatch(temp.resolve("a.zip"), temp.resolve("b.omni")));
    }

    @Test
    void aChangedByteIsFound() throws IOException {
        Path folder = folder();
        byte[] bytes = ToneModel.networkBytes();
        bytes[bytes.length / 2] ^= 1;
        Files.write(folder.resolve("model.onnx"), bytes);
        String message = faults(folder);
        assertTrue(message.contains("model.onnx is damaged: its SHA-256 is "), message);
    }

    @Test
    void allFaultsAreReportedAtOnce() throws IOException {
        Path folder = folder();
        Files.delete(folder.resolve("model.onnx"));
        Files.writeString(folder.resolve("tokens.txt"), "<blank>\na\n");
        String message = faults(folder);
        assertTrue(message.contains("model.onnx is missing"), message);
        assertTrue(message.contains("tokens.txt is damaged"), message);
        assertTrue(message.contains("tokens.txt holds 2 tokens, the architecture in model.json has 9"), message);
        Files.writeString(folder.resolve("model.json"), "{\"formatVersion\": 7}");
        Files.writeString(folder.resolve("tokens.txt"), "a\n");
        message = faults(folder);
        assertTrue(message.contains("format version 7"), message);
        assertTrue(message.contains("model.onnx is missing"), message);
        assertTrue(message.contains("line 1 must be <blank>"), message);
        assertTrue(message.endsWith("Fetch or export the bundle again."), message);
    }

    @Test
    void aFileThatTheManifestDoesNotListIsAFault() throws IOException {
        Path folder = folder();
        String json = Files.readString(folder.resolve("model.json"));
        Files.writeString(folder.resolve("model.json"), json.replace("tokens.txt", "lm.arpa"));
        String message = faults(folder);
        assertTrue(message.contains("model.json gives no checksum of tokens.txt"), message);
        assertTrue(message.contains("lm.arpa is missing"), message);
    }

    @Test
    void namesThatLeaveTheBundleAreRefused() throws IOException {
        Path folder = folder();
        Files.writeString(temp.resolve("secret"), "x");
        String json = Files.readString(folder.resolve("model.json"));
        Files.writeString(folder.resolve("model.json"), json.replace("tokens.txt", "../secret"));
        String message = faults(folder);
        assertTrue(message.contains("\"../secret\" is not a plain file name"), message);
    }

    @Test
    void aNetworkThatIsCutShortOrNoneIsAFault() throws IOException {
        Path folder = folder();
        byte[] bytes = ToneModel.networkBytes();
        Files.write(folder.resolve("model.onnx"), Arrays.copyOf(bytes, bytes.length - 9));
        assertTrue(faults(folder).contains("model.onnx is no ONNX model: it ends"), faults(folder));
        Files.writeString(folder.resolve("model.onnx"), "<html>404</html>");
        assertTrue(faults(folder).contains("model.onnx is no ONNX model"), faults(folder));
        Files.write(folder.resolve("model.onnx"), new byte[0]);
        assertTrue(faults(folder).contains("model.onnx is no ONNX model: it holds no graph"), faults(folder));
    }

    @Test
    void inputsAndOutputsOfTheNetworkAreChecked() throws IOException {
        // names of equal length keep the lengths in the file right
        String network = new String(ToneModel.networkBytes(), StandardCharsets.ISO_8859_1);
        byte[] renamed = network.replace("expert_prob", "expert_pr0b")
                .replace("lengths", "l3ngths")
                .getBytes(StandardCharsets.ISO_8859_1);
        ModelException e = assertThrows(
                ModelException.class,
                () -> ModelBundle.create(
                        temp.resolve("x"), ToneModel.manifest(), ToneModel.vocabulary(), out -> out.write(renamed)));
        assertTrue(e.getMessage().contains("has no input \"lengths\""), e.getMessage());
        assertTrue(e.getMessage().contains("an input \"l3ngths\" that nothing feeds"), e.getMessage());
        assertTrue(e.getMessage().contains("has no output \"output_lengths\""), e.getMessage());
        assertTrue(e.getMessage().contains("has no output \"expert_prob\""), e.getMessage());
        assertFalse(e.getMessage().contains("expert_index"), e.getMessage());
    }

    @Test
    void extentsOfTheNetworkAreChecked() {
        ModelException e = assertThrows(
                ModelException.class,
                () -> ModelBundle.create(
                        temp.resolve("x"), ToneModel.manifest("tone", 8), ToneModel.vocabulary(), ToneModel.network()));
        assertTrue(e.getMessage().contains("tokens.txt holds 9 tokens"), e.getMessage());
        assertTrue(
                e.getMessage().contains("the output \"log_probs\" as float[?, ?, 9], not float[?, ?, 8]"),
                e.getMessage());
    }

    @Test
    void aBundleThatDoesNotAddUpIsNotWritten() throws IOException {
        Path folder = folder();
        assertThrows(
                ModelException.class,
                () -> ModelBundle.create(
                        folder, ToneModel.manifest("other", 8), ToneModel.vocabulary(), ToneModel.network()));
        assertEquals("tone", ModelBundle.open(folder).manifest().name());
        assertEquals(List.of("tone"), inTemp());
    }

    @Test
    void aBundleReplacesABundleOnly() throws IOException {
        Path folder = folder();
        Files.writeString(folder.resolve("old.txt"), "goes with the old bundle");
        ModelBundle.create(folder, ToneModel.manifest("new", 9), ToneModel.vocabulary(), ToneModel.network());
        assertEquals("new", ModelBundle.open(folder).manifest().name());
        assertFalse(Files.exists(folder.resolve("old.txt")));
        Path diary = Files.createDirectory(temp.resolve("diary"));
        Files.writeString(diary.resolve("monday.txt"), "dear diary");
        ModelException e = assertThrows(ModelException.class, () -> ToneModel.write(diary));
        assertTrue(e.getMessage().endsWith("is no model bundle. Choose another folder, or delete it first."));
        assertEquals(List.of("diary", "tone"), inTemp());
    }

    @Test
    void aFailedWriteLeavesNothing() throws IOException {
        ModelException e = assertThrows(
                ModelException.class,
                () -> ModelBundle.create(
                        temp.resolve("x.zip"), ToneModel.manifest(), ToneModel.vocabulary(), ModelBundleTest::full));
        assertTrue(e.getMessage().contains("the disk is full"), e.getMessage());
        assertEquals(List.of(), inTemp());
    }

    private static void full(OutputStream out) throws IOException {
        out.write(1);
        throw new IOException("the disk is full");
    }

    @Test
    void whatIsNoBundleIsNamed() throws IOException {
        assertTrue(faults(temp.resolve("nowhere")).startsWith("there is no model bundle at "));
        Path text = Files.writeString(temp.resolve("text"), "hello");
        assertTrue(faults(text).contains("is neither a folder nor a zip file"));
        assertTrue(faults(temp).contains("model.json is missing"));
    }
}
