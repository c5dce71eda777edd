package org.omniscribe.app.desktop.timeline;

/**
 * What is to stand out: the steps that one expert handled.
 *
 * @param expert the expert, from 0; -1 for all
 * @param layer the only layer to look at, from 0; -1 for all
 */
public record Filter(int expert, int layer) {
    /** Nothing stands out. */
    public static final Filter NONE = new Filter(-1, -1);

    /** Whether anything stands out. */
    public boolean active() {
        return expert >= 0;
    }

    /** Whether a cell of the grid stands out. */
    boolean shows(int cellLayer, int cellExpert) {
        return !active() || cellExpert == expert && (layer < 0 || cellLayer == layer);
    }
}
