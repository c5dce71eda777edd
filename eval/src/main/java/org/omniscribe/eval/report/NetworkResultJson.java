package org.omniscribe.eval.report;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Optional;
import org.omniscribe.asr.io.Faults;
import org.omniscribe.asr.io.JsonReader;
import org.omniscribe.asr.model.Architecture.Routing;
import org.omniscribe.eval.experts.Findings;
import org.omniscribe.eval.report.NetworkResult.Errors;

/**
 * Results of an experiment as JSON. One network: {@code name}, {@code group} (its label), {@code routing}, {@code experts},
 * {@code seed}, {@code weights}, {@code test}, {@code permuted} [...] where there is any, {@code findings},
 * {@code withLanguageModel} where that was measured. Errors: {@code wer}, {@code werLow}, {@code werHigh}, {@code cer} as
 * fractions, and {@code loss} where it can be computed.
 */
public final class NetworkResultJson {
    /** Findings gain fields from version to version; results of other versions stay readable. */
    private static final JsonMapper JSON = JsonMapper.builder()
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    private NetworkResultJson() {}

    /** One result, indented, with a newline at its end. */
    public static String write(NetworkResult result) {
        return node(result).toPrettyString() + "\n";
    }

    /** Several results as a list, indented, with a newline at its end. */
    public static String write(List<NetworkResult> results) {
        ArrayNode list = JSON.createArrayNode();
        results.forEach(result -> list.add(node(result)));
        return list.toPrettyString() + "\n";
    }

    private static ObjectNode node(NetworkResult result) {
        ObjectNode node = JSON.createObjectNode()
                .put("name", result.name())
                .put("group", result.group().label())
                .put("routing", result.group().routing().name())
                .put("experts", result.group().experts())
                .put("seed", result.seed())
                .put("weights", result.weights());
        write(result.test(), node.putObject("test"));
        for (Errors permuted : result.permuted()) {
            write(permuted, node.withArray("permuted").addObject());
        }
        node.set("findings", JSON.valueToTree(result.findings()));
        result.withLanguageModel().ifPresent(errors -> write(errors, node.putObject("withLanguageModel")));
        return node;
    }

    private static void write(Errors errors, ObjectNode node) {
        node.put("wer", errors.wer())
                .put("werLow", errors.werLow())
                .put("werHigh", errors.werHigh())
                .put("cer", errors.cer());
        if (Double.isFinite(errors.loss())) {
            node.put("loss", errors.loss());
        }
    }

    /**
     * Reads one result.
     *
     * @param text what {@link #write(NetworkResult)} made
     * @param faults takes what is wrong with it
     * @return null after a fault
     */
    public static NetworkResult read(String text, Faults faults) {
        JsonReader json = JsonReader.of(text, faults);
        int before = faults.size();
        String name = json.field("name").text();
        String label = json.field("group").text();
        Routing routing = json.field("routing").constant(Routing.class);
        int experts = json.field("experts").integer();
        long seed = json.field("seed").wholeNumber();
        long weights = json.field("weights").wholeNumber();
        Errors test = errors(json.field("test"));
        List<Errors> permuted = json.optional("permuted")
                .map(list -> list.list(NetworkResultJson::errors))
                .orElse(List.of());
        Findings findings = findings(json.field("findings"));
        Optional<Errors> withLanguageModel = json.optional("withLanguageModel").map(NetworkResultJson::errors);
        json.end();
        if (faults.size() > before) {
            return null;
        }
        NetworkGroup group = NetworkGroup.parse(label, routing, experts);
        return new NetworkResult(name, group, seed, weights, test, permuted, findings, withLanguageModel);
    }

    private static Errors errors(JsonReader json) {
        Errors errors = new Errors(
                json.field("wer").number(),
                json.field("werLow").number(),
                json.field("werHigh").number(),
                json.field("cer").number(),
                json.optional("loss").map(JsonReader::number).orElse(Double.NaN));
        json.end();
        return errors;
    }

    private static Findings findings(JsonReader json) {
        Findings findings;
        try {
            findings = JSON.treeToValue(json.node(), Findings.class);
        } catch (JsonProcessingException e) {
            json.fault("these are not findings of a study of experts");
            return null;
        }
        if (findings == null || findings.layers() == null || findings.agreement() == null) {
            json.fault("layers or agreement are missing");
        }
        return findings;
    }
}
