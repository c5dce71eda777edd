package org.omniscribe.export.checkpoint;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.omniscribe.asr.model.Architecture.Routing;

/**
 * Which layers of a checkpoint share a router.
 *
 * @param routing what that amounts to
 * @param places where the router of each routed layer is, by layer
 */
record ForeignRouters(Routing routing, Map<Integer, String> places) {

    /**
     * Finds the routers of a checkpoint.
     *
     * @param tensors where they are
     * @param experts experts of each layer
     * @param remarks gets what was found
     * @param faults gets what is missing
     */
    static ForeignRouters find(
            PlacedTensors tensors, List<Integer> experts, List<String> remarks, List<String> faults) {
        return new Finder(tensors, remarks, faults).find(experts);
    }

    private record Finder(PlacedTensors tensors, List<String> remarks, List<String> faults) {
        /** Finds them. */
        ForeignRouters find(List<Integer> experts) {
            Map<Integer, String> places = new HashMap<>();
            String latest = null;
            int latestExperts = 0;
            int copies = 0;
            for (int layer = 0; layer < experts.size(); layer++) {
                String own = "layers." + layer + ".router";
                if (experts.get(layer) < 2) {
                    if (tensors.has(own + ".weight") && tensors.shape(own + ".weight")[0] > 1) {
                        faults.add("layer " + layer + " has a router but one expert");
                    }
                    continue;
                }
                if (tensors.has(own + ".weight")) {
                    latest = own;
                    latestExperts = experts.get(layer);
                    copies++;
                } else if (tensors.has("router.weight") && tensors.shape("router.weight")[0] == experts.get(layer)) {
                    latest = "router";
                    latestExperts = experts.get(layer);
                }
                if (latest == null || latestExperts != experts.get(layer)) {
                    faults.add("layer " + layer + " has " + experts.get(layer) + " experts but no router");
                    return new ForeignRouters(Routing.DENSE, Map.of());
                }
                places.put(layer, latest);
            }
            if (places.isEmpty()) {
                remarks.add("routing: dense, one expert in every layer");
                return new ForeignRouters(Routing.DENSE, places);
            }
            return groups(experts, places, copies);
        }

        /** Compares the copies: layers with equal ones share a router. */
        private ForeignRouters groups(List<Integer> experts, Map<Integer, String> places, int copies) {
            Map<Integer, Integer> group = new TreeMap<>();
            List<float[]> distinct = new ArrayList<>();
            Map<String, Integer> known = new HashMap<>();
            for (int layer : new TreeSet<>(places.keySet())) {
                String place = places.get(layer);
                if (!known.containsKey(place)) {
                    float[] router = router(place, experts.get(layer));
                    int index = 0;
                    while (index < distinct.size() && !Arrays.equals(distinct.get(index), router)) {
                        index++;
                    }
                    if (index == distinct.size()) {
                        distinct.add(router);
                    }
                    known.put(place, index);
                }
                group.put(layer, known.get(place));
            }
            boolean shared = true;
            boolean independent = distinct.size() == group.size();
            int runs = 0;
            Integer before = null;
            for (Map.Entry<Integer, Integer> entry : group.entrySet()) {
                int layer = entry.getKey();
                boolean follows = before != null
                        && before == layer - 1
                        && experts.get(before).equals(experts.get(layer));
                runs += follows ? 0 : 1;
                shared &= !follows || group.get(before).equals(entry.getValue());
                before = layer;
            }
            String seen =
                    copies + (copies == 1 ? " copy" : " copies") + " of routers, " + distinct.size() + " different";
            if (shared && !(independent && group.size() > runs)) {
                remarks.add(
                        "routing: shared, one router for each run of layers with equally many experts (" + seen + ")");
                return new ForeignRouters(Routing.SHARED, places);
            }
            remarks.add("routing: "
                    + (independent ? "independent, a router for each layer" : "grouped as " + group.values()) + " ("
                    + seen
                    + ")" + (independent ? "" : "; written as a router for each layer, which computes the same"));
            return new ForeignRouters(Routing.INDEPENDENT, places);
        }

        /** Weights and biases of a router in one. */
        private float[] router(String place, int experts) {
            float[] weights = tensors.values(place + ".weight");
            float[] both = Arrays.copyOf(weights, weights.length + experts);
            if (tensors.has(place + ".bias")) {
                System.arraycopy(tensors.values(place + ".bias"), 0, both, weights.length, experts);
            }
            return both;
        }
    }
}
