package org.omniscribe.export.checkpoint;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Tells by names and shapes which tensor of a checkpoint has which place in the network.
 *
 * <p>There is no fixed list of names: what counts is the last part of a name, the part before it, and the shape. The
 * layers are what stands behind the prefix with a number that most tensors have; the width is the length that most vectors
 * in them have.
 */
final class NameRules {
    /** A first axis longer than this is no number of experts. */
    private static final int MAX_EXPERTS = 256;

    private static final Pattern ATTENTION =
            Pattern.compile("(^|.*[._])(self_?)?(attn|attention|att|mha|mhsa|sa)([._].*|$)");
    private static final Pattern NORM = Pattern.compile(
            "(^|.*[._])(ln|norm|layer_?norm|layernorm|[a-z_]*_norm|[a-z_]*layernorm|ln_[a-z0-9]+)[._]?\\d*");
    private static final Pattern ROUTER = Pattern.compile("(^|.*[._])(w_?)?(router|gate|gating|switch)([._].*|$)");
    private static final Pattern EXPERT = Pattern.compile("(?:^|.*[._])experts?[._](?:[a-z_]+[._])?(\\d+)[._](.*)");

    private final Map<String, long[]> shapes;
    private final int melBins;
    private final String layerPrefix;
    private final long width;
    private final Map<String, Slot> slots = new LinkedHashMap<>();

    /** Looks at tensors; those that a person has spoken of help to tell the others. */
    NameRules(Map<String, long[]> shapes, int melBins) {
        this.shapes = shapes;
        this.melBins = melBins;
        this.layerPrefix = layerPrefix(shapes);
        this.width = width();
        layers();
        others();
    }

    /** The slot of every tensor that has one, by name. */
    Map<String, Slot> slots() {
        return slots;
    }

    /** What stands before the numbers of the layers; null where no names have numbers. */
    private static String layerPrefix(Map<String, long[]> shapes) {
        Map<String, Integer> counts = new HashMap<>();
        for (String name : shapes.keySet()) {
            Matcher matcher = Pattern.compile("(?:^|\\.)\\d+\\.").matcher(name);
            if (matcher.find()) {
                int dot = name.charAt(matcher.start()) == '.' ? 1 : 0;
                counts.merge(name.substring(0, matcher.start() + dot), 1, Integer::sum);
            }
        }
        return counts.entrySet().stream()
                .max(Map.Entry.<String, Integer>comparingByValue().thenComparing(Map.Entry::getKey))
                .map(Map.Entry::getKey)
                .orElse(null);
    }

    /** A name within a layer. */
    private record Inner(String name, int layer, String rest) {}

    private Optional<Inner> inner(String name) {
        if (layerPrefix == null || !name.startsWith(layerPrefix)) {
            return Optional.empty();
        }
        String behind = name.substring(layerPrefix.length());
        int dot = behind.indexOf('.');
        return dot > 0 && dot < 5 && behind.substring(0, dot).chars().allMatch(Character::isDigit)
                ? Optional.of(new Inner(
                        name,
                        Integer.parseInt(behind.substring(0, dot)),
                        behind.substring(dot + 1).toLowerCase(Locale.ROOT)))
                : Optional.empty();
    }

    private long width() {
        Map<Long, Long> counts = shapes.entrySet().stream()
                .filter(entry ->
                        entry.getValue().length == 1 && inner(entry.getKey()).isPresent())
                .collect(Collectors.groupingBy(entry -> entry.getValue()[0], Collectors.counting()));
        return counts.entrySet().stream()
                .max(Map.Entry.<Long, Long>comparingByValue())
                .map(Map.Entry::getKey)
                .orElse(-1L);
    }

    /** The name without its last part, if that says weight or bias. */
    private static String base(String rest) {
        return rest.replaceFirst("[._](weight|bias)$", "")
                .replaceFirst("(^|[._])b(\\d|_?in|_?out|_?up|_?down|i|o)$", "$1w$2");
    }

    private static boolean isBias(String rest) {
        return rest.matches("(.*[._])?(bias|b\\d|b_?in|b_?out|b_?up|b_?down|bi|bo)");
    }

    private static String kind(String rest) {
        return isBias(rest) ? ".bias" : ".weight";
    }

    private boolean has(String name, long... wanted) {
        return java.util.Arrays.equals(shapes.get(name), wanted);
    }

    private void put(String name, String place) {
        put(name, place, false);
    }

    private void put(String name, String place, boolean turned) {
        slots.put(name, new Slot(place, turned));
    }

    private void layers() {
        Map<Integer, List<Inner>> byLayer = new LinkedHashMap<>();
        shapes.keySet().forEach(name -> inner(name)
                .ifPresent(inner -> byLayer.computeIfAbsent(inner.layer(), l -> new ArrayList<>())
                        .add(inner)));
        byLayer.forEach((layer, all) -> layer("layers." + layer + ".", all));
    }

    private void layer(String place, List<Inner> all) {
        List<Inner> feedForward = new ArrayList<>();
        List<Inner> norms = new ArrayList<>();
        for (Inner inner : all) {
            boolean norm = NORM.matcher(base(inner.rest())).matches() && has(inner.name(), width);
            if (norm) {
                norms.add(inner);
            } else if (attention(inner).isPresent()) {
                put(inner.name(), place + "attention." + attention(inner).get() + kind(inner.rest()));
            } else if (isRouter(inner)) {
                put(inner.name(), place + "router" + kind(inner.rest()));
            } else {
                feedForward.add(inner);
            }
        }
        norms(place, norms);
        feedForward(place, feedForward);
    }

    private boolean isRouter(Inner inner) {
        long[] shape = shapes.get(inner.name());
        boolean matrix = shape.length == 2 && shape[1] == width && shape[0] <= MAX_EXPERTS;
        boolean vector = shape.length == 1 && shape[0] <= MAX_EXPERTS && isBias(inner.rest());
        return (matrix || vector)
                && ROUTER.matcher(inner.rest()).matches()
                && !EXPERT.matcher(inner.rest()).matches();
    }

    /** q, k, v, kv, qkv or out. */
    private Optional<String> attention(Inner inner) {
        long[] shape = shapes.get(inner.name());
        String base = base(inner.rest());
        boolean named = ATTENTION.matcher(base).matches();
        if (named && base.matches(".*[._]\\d+")) {
            base = base.replaceFirst("[._]\\d+$", "");
        }
        String last = base.substring(base.lastIndexOf('.') + 1);
        String core = last.replaceFirst("^(w_?|to_?|linear_?|lin_?|fc_?)(?=.)", "")
                .replaceFirst("_?(projection|proj|linear|lin|w|weight)s?$", "");
        String part =
                switch (core) {
                    case "q", "query", "queries" -> "q";
                    case "k", "key", "keys" -> "k";
                    case "v", "value", "values" -> "v";
                    case "kv", "key_value" -> "kv";
                    case "qkv", "in", "c_attn", "query_key_value" -> "qkv";
                    case "o", "out", "output", "dense", "c", "", "to" -> "out";
                    default -> null;
                };
        if (part == null || !named && !part.matches("q|k|v|kv|qkv") && !last.matches("o_proj|w_?o|to_out")) {
            return Optional.empty();
        }
        long rows = width
                * switch (part) {
                    case "kv" -> 2;
                    case "qkv" -> 3;
                    default -> 1;
                };
        boolean fits =
                isBias(inner.rest()) ? has(inner.name(), rows) : shape.length == 2 && has(inner.name(), rows, width);
        return fits ? Optional.of(part) : Optional.empty();
    }

    /** By what their names say; what says nothing in the order of the names, attention first. */
    private void norms(String place, List<Inner> norms) {
        List<Inner> unknown = new ArrayList<>();
        for (Inner inner : norms) {
            String base = base(inner.rest());
            if (base.matches(".*(post_?att|ffn|mlp|moe|feed|ff|final|post).*")) {
                put(inner.name(), place + "ffn.norm" + kind(inner.rest()));
            } else if (base.matches(".*(att|mha|input|pre).*")) {
                put(inner.name(), place + "attention.norm" + kind(inner.rest()));
            } else {
                unknown.add(inner);
            }
        }
        List<String> bases = new ArrayList<>(
                unknown.stream().map(i -> base(i.rest())).collect(Collectors.toCollection(TreeSet::new)));
        if (bases.size() <= 2) {
            unknown.forEach(inner -> put(
                    inner.name(),
                    place
                            + (bases.indexOf(base(inner.rest())) == 0 ? "attention.norm" : "ffn.norm")
                            + kind(inner.rest())));
        }
    }

    /** One of the feed-forward matrices: which expert it belongs to, "" for all or the only one, and its own name. */
    private record Part(Inner inner, String expert, String base) {}

    private void feedForward(String place, List<Inner> all) {
        List<Part> parts = new ArrayList<>();
        for (Inner inner : all) {
            Matcher expert = EXPERT.matcher(inner.rest());
            boolean numbered = expert.matches();
            parts.add(
                    new Part(inner, numbered ? expert.group(1) : "", base(numbered ? expert.group(2) : inner.rest())));
        }
        // Matrices by their names: the first one widens, the second one narrows.
        List<String> bases = parts.stream()
                .filter(part -> !isBias(part.inner().rest()) && matrixAxes(part) >= 2)
                .map(Part::base)
                .distinct()
                .sorted(Comparator.comparing(NameRules::order))
                .toList();
        if (bases.size() != 2) {
            return;
        }
        for (Part part : parts) {
            int which = bases.indexOf(part.base());
            long[] shape = shapes.get(part.inner().name());
            boolean bias = isBias(part.inner().rest());
            boolean stacked = shape.length == (bias ? 2 : 3);
            if (which < 0
                    || !stacked && shape.length != (bias ? 1 : 2)
                    || stacked && !part.expert().isEmpty()) {
                continue;
            }
            long rows = bias ? 0 : shape[shape.length - 2];
            long columns = bias ? 0 : shape[shape.length - 1];
            // A widening matrix has the width as its number of columns; where both sizes are the width, it is not
            // turned.
            boolean turned = !bias && rows != columns && (which == 0 ? rows == width : columns == width);
            String expert = stacked ? "" : part.expert().isEmpty() ? "0." : part.expert() + ".";
            put(
                    part.inner().name(),
                    place + "experts." + expert + (which == 0 ? "in" : "out")
                            + kind(part.inner().rest()),
                    turned);
        }
    }

    private int matrixAxes(Part part) {
        long[] shape = shapes.get(part.inner().name());
        return shape.length >= 2 && (shape[shape.length - 1] == width || shape[shape.length - 2] == width)
                ? shape.length
                : 0;
    }

    /** Sorts names of a pair so that the one that widens comes first. */
    private static String order(String base) {
        String last = base.substring(base.lastIndexOf('.') + 1);
        return last.matches(".*(down|out|output|c_proj|wo|w_o).*") ? "~" + base : base;
    }

    /** Tensors outside the layers. */
    private void others() {
        Map<String, String> bases = new HashMap<>();
        for (Map.Entry<String, long[]> entry : shapes.entrySet()) {
            String name = entry.getKey();
            if (slots.containsKey(name) || inner(name).isPresent()) {
                continue;
            }
            String lower = name.toLowerCase(Locale.ROOT);
            String base = base(lower);
            String last = lower.substring(lower.lastIndexOf('.') + 1);
            long[] shape = entry.getValue();
            boolean matrix = shape.length == 2;
            if (matrix && shape[1] == width && ROUTER.matcher(lower).matches() && shape[0] <= MAX_EXPERTS) {
                put(name, "router.weight");
                bases.put(base, "router");
            } else if (matrix
                    && shape[0] == width
                    && shape[1] % melBins == 0
                    && !(shape[1] == width && base.matches(".*(head|output|decoder|ctc|classifier).*"))) {
                put(name, "input.weight");
                bases.put(base, "input");
            } else if (matrix && shape[1] == width && !last.matches("pe|.*pos.*")) {
                put(name, "head.weight");
                bases.put(base, "head");
            } else if (has(name, width) && last.matches("(inv_)?freqs?|frequenc.*")) {
                put(name, "position.frequencies");
            } else if (has(name, width) && last.matches("cos_shifts?|phases?|shifts?")) {
                put(name, "position.phases");
            } else if (last.equals("content_scale") && (shape.length == 0 || has(name, 1))) {
                put(name, "position.scale");
            } else if (shape.length >= 2 && shape[shape.length - 1] == width && lower.matches(".*(^|[._])(pe|pos.*)")) {
                put(name, "position.table");
            } else if (has(name, width) && NORM.matcher(base).matches()) {
                put(name, "final.norm" + kind(lower));
            }
        }
        for (String name : shapes.keySet()) {
            String place = bases.get(base(name.toLowerCase(Locale.ROOT)));
            if (place != null && isBias(name.toLowerCase(Locale.ROOT)) && !slots.containsKey(name)) {
                put(name, place + ".bias");
            }
        }
    }
}
