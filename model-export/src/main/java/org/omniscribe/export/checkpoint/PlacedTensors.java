package org.omniscribe.export.checkpoint;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.omniscribe.export.checkpoint.SafeTensors.Tensor;

/** The tensors of a checkpoint of anybody's, each at the place that it has in a network of ours. */
final class PlacedTensors {
    private final Tensors tensors;
    private final List<String> faults;
    private final Map<String, Slot> slots = new LinkedHashMap<>();
    private final Map<String, String> names = new HashMap<>();

    private PlacedTensors(Tensors tensors, List<String> faults) {
        this.tensors = tensors;
        this.faults = faults;
    }

    /**
     * Gives every tensor its place.
     *
     * @param remarks gets what is left out
     * @param faults gets what has no place, or the place of another
     */
    static PlacedTensors of(
            Tensors tensors, ForeignNetwork.Choices choices, List<String> remarks, List<String> faults) {
        PlacedTensors placed = new PlacedTensors(tensors, faults);
        placed.place(choices, remarks);
        return placed;
    }

    private void place(ForeignNetwork.Choices choices, List<String> remarks) {
        List<String> unused = new ArrayList<>();
        Map<String, long[]> all = new LinkedHashMap<>();
        List<String> open = new ArrayList<>();
        tensors.shapes().forEach((name, shape) -> {
            Optional<Slot> slot = choices.mapping().slot(name);
            if (slot.isEmpty() && choices.mapping().ignores(name)) {
                remarks.add("left out: " + name);
                return;
            }
            all.put(name, shape);
            slot.ifPresentOrElse(said -> take(name, said), () -> open.add(name));
        });
        Map<String, Slot> found = new NameRules(all, choices.melBins()).slots();
        open.forEach(name -> {
            Slot slot = found.get(name);
            if (slot != null && !names.containsKey(slot.place())) {
                take(name, slot);
            } else if (slot != null) {
                faults.add(name + " and " + names.get(slot.place()) + " both look like " + slot.place());
            } else {
                unused.add(name);
            }
        });
        unused.forEach(
                name -> faults.add(name + " " + Arrays.toString(tensors.shapes().get(name)) + " has no place"));
    }

    private void take(String name, Slot slot) {
        slots.put(name, slot);
        String other = names.put(slot.place(), name);
        if (other != null) {
            faults.add(name + " and " + other + " are both mapped to " + slot.place());
        }
    }

    /** Whether a tensor was found for a place. */
    boolean has(String place) {
        return names.containsKey(place);
    }

    /** The shape at a place, of matrices as [out][in]. */
    long[] shape(String place) {
        String name = names.get(place);
        long[] shape = tensors.shapes().get(name);
        if (!slots.get(name).turned()) {
            return shape;
        }
        long[] turned = shape.clone();
        turned[shape.length - 1] = shape[shape.length - 2];
        turned[shape.length - 2] = shape[shape.length - 1];
        return turned;
    }

    /** The values at a place, matrices as [out][in]. */
    float[] values(String place) {
        String name = names.get(place);
        Tensor tensor = tensors.read(name);
        if (!slots.get(name).turned()) {
            return tensor.data();
        }
        int axes = tensor.shape().length;
        int rows = (int) tensor.shape()[axes - 2];
        int columns = (int) tensor.shape()[axes - 1];
        float[] turned = new float[tensor.data().length];
        for (int from = 0; from < turned.length; from += rows * columns) {
            for (int row = 0; row < rows; row++) {
                for (int column = 0; column < columns; column++) {
                    turned[from + column * rows + row] = tensor.data()[from + row * columns + column];
                }
            }
        }
        return turned;
    }

    /** The places that have a tensor. */
    Set<String> places() {
        return names.keySet();
    }

    /** The name of the tensor at a place. */
    String name(String place) {
        return names.get(place);
    }

    /** Which names have which places, a line for each pair with the numbers of layers and experts left out. */
    List<String> matches() {
        Map<String, List<String>> groups = new TreeMap<>();
        slots.forEach((name, slot) -> groups.computeIfAbsent(Slot.pattern(slot.place()), p -> new ArrayList<>())
                .add(name));
        List<String> lines = new ArrayList<>();
        groups.forEach((place, all) -> {
            String first = all.get(0);
            lines.add(String.format(
                    Locale.ROOT,
                    "%-34s <- %s %s%s%s",
                    place,
                    first,
                    Arrays.toString(tensors.shapes().get(first)),
                    slots.get(first).turned() ? " turned" : "",
                    all.size() > 1 ? " and " + (all.size() - 1) + " more" : ""));
        });
        return lines;
    }
}
