package org.omniscribe.export.hub;

import java.net.URI;
import java.util.List;
import java.util.Optional;
import org.omniscribe.asr.model.Attention;

/**
 * A model that its makers have published under a research licence. None of it is part of this project.
 *
 * @param name short name
 * @param repository where it is on the Hugging Face hub
 * @param file name of the checkpoint there
 * @param about what it is
 * @param megabytes size of the checkpoint, by its number of parameters in single precision
 * @param attention what a step sees, which no shape tells
 */
public record PublishedModel(
        String name, String repository, String file, String about, int megabytes, Attention attention) {
    /** The hub's address. */
    public static final URI HUB = URI.create("https://huggingface.co/");

    /** The licence of all of them. */
    public static final String LICENCE = "apple-amlr";

    private static final List<PublishedModel> ALL = List.of(
            new PublishedModel(
                    "streaming-0.6b",
                    "lelegu/omni-router-speechcrawl-streaming-asr-0.6b-v1",
                    "model.pth",
                    "Omni-router, 4 experts, 613M parameters (about 200M active), causal",
                    2452,
                    Attention.CAUSAL),
            new PublishedModel(
                    "speechcrawl-0.25b",
                    "lelegu/omni-router-speechcrawl-asr-0.25b-v1",
                    "model.pth",
                    "Omni-router, 2 experts, 246M parameters (140M active)",
                    984,
                    Attention.FULL),
            new PublishedModel(
                    "libriheavy-0.5b",
                    "lelegu/omni-router-asr-libriheavy-0.5b",
                    "model.pth",
                    "Omni-router, 8 experts of a network of 84M parameters",
                    1806,
                    Attention.FULL),
            new PublishedModel(
                    "dense-0.08b",
                    "lelegu/dense-asr-libriheavy-0.08b",
                    "model.pth",
                    "dense, 84M parameters",
                    337,
                    Attention.FULL));

    /** All that are known. */
    public static List<PublishedModel> all() {
        return ALL;
    }

    /** The one of a short name, or of a repository. */
    public static Optional<PublishedModel> named(String name) {
        return ALL.stream()
                .filter(model -> model.name().equals(name) || model.repository().equals(name))
                .findFirst();
    }

    /** Where the checkpoint is. */
    public URI address() {
        return HUB.resolve(repository + "/resolve/main/" + file);
    }

    /** Where the licence and the files are told. */
    public URI page() {
        return HUB.resolve(repository);
    }
}
