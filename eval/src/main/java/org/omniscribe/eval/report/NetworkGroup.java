package org.omniscribe.eval.report;

import java.util.Optional;
import org.omniscribe.asr.model.Architecture.Routing;

/**
 * Networks of an experiment that differ in their seed only.
 *
 * @param variant what it is called, if the experiment gives it a name; else it is a cell of the grid of routings and experts
 * @param routing how its networks route
 * @param experts experts a layer, 1 for dense networks
 */
public record NetworkGroup(Optional<String> variant, Routing routing, int experts) {
    /** A cell of the grid. */
    public static NetworkGroup ofGrid(Routing routing, int experts) {
        return new NetworkGroup(Optional.empty(), routing, experts);
    }

    /**
     * The group that has a label.
     *
     * @param label what {@link #label} was
     */
    public static NetworkGroup parse(String label, Routing routing, int experts) {
        NetworkGroup grid = ofGrid(routing, experts);
        return label.equals(grid.label()) ? grid : new NetworkGroup(Optional.of(label), routing, experts);
    }

    /** What tables call it. */
    public String label() {
        return variant.orElse(routing == Routing.DENSE ? family() : family() + ", " + experts);
    }

    /** What a line over numbers of experts is called: all cells of the grid with one routing, or one variant. */
    String family() {
        return variant.orElse(
                switch (routing) {
                    case DENSE -> "dense";
                    case INDEPENDENT -> "Switch";
                    case SHARED -> "Omni-router";
                });
    }

    /** Whether its networks have no router. */
    boolean dense() {
        return routing == Routing.DENSE;
    }

    /** Whether it is the dense network of the grid, which others are compared with. */
    boolean denseOfGrid() {
        return dense() && variant.isEmpty();
    }

    /** The group that differs in having a router for each layer, where this one is of the grid and shares one. */
    Optional<NetworkGroup> independent() {
        return variant.isEmpty() && routing == Routing.SHARED
                ? Optional.of(ofGrid(Routing.INDEPENDENT, experts))
                : Optional.empty();
    }
}
