package org.omniscribe.export.checkpoint;

import java.util.List;

/**
 * A place in a network that a tensor of a checkpoint can have.
 *
 * @param place one of {@link #PLACES} with numbers put in
 * @param turned whether the matrix lies as [in][out] there
 */
record Slot(String place, boolean turned) {
    /** All places; {@code kv}, {@code qkv} and experts without a number are several matrices in one. */
    static final List<String> PLACES = List.of(
            "input.weight",
            "input.bias",
            "position.frequencies",
            "position.phases",
            "position.scale",
            "position.table",
            "layers.{l}.attention.norm.weight",
            "layers.{l}.attention.norm.bias",
            "layers.{l}.attention.q.weight",
            "layers.{l}.attention.q.bias",
            "layers.{l}.attention.k.weight",
            "layers.{l}.attention.k.bias",
            "layers.{l}.attention.v.weight",
            "layers.{l}.attention.v.bias",
            "layers.{l}.attention.kv.weight",
            "layers.{l}.attention.kv.bias",
            "layers.{l}.attention.qkv.weight",
            "layers.{l}.attention.qkv.bias",
            "layers.{l}.attention.out.weight",
            "layers.{l}.attention.out.bias",
            "layers.{l}.ffn.norm.weight",
            "layers.{l}.ffn.norm.bias",
            "layers.{l}.router.weight",
            "layers.{l}.router.bias",
            "layers.{l}.experts.{e}.in.weight",
            "layers.{l}.experts.{e}.in.bias",
            "layers.{l}.experts.{e}.out.weight",
            "layers.{l}.experts.{e}.out.bias",
            "layers.{l}.experts.in.weight",
            "layers.{l}.experts.in.bias",
            "layers.{l}.experts.out.weight",
            "layers.{l}.experts.out.bias",
            "router.weight",
            "router.bias",
            "final.norm.weight",
            "final.norm.bias",
            "head.weight",
            "head.bias");

    static boolean exists(String place) {
        return PLACES.contains(place);
    }

    /** The place without its numbers. */
    static String pattern(String place) {
        return place.replaceFirst("^layers\\.\\d+", "layers.{l}").replaceFirst("experts\\.\\d+", "experts.{e}");
    }
}
