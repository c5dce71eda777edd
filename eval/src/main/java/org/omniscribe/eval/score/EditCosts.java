package org.omniscribe.eval.score;

/** What an alignment pays for each edit; a match costs nothing. */
public enum EditCosts {
    /**
     * NIST sclite's: substitution 4, deletion 3, insertion 3 (SCTK, doc/sclite.htm). An alignment of least cost need not
     * have the fewest errors: three substitutions cost as much as two deletions and two insertions.
     */
    NIST(4, 3, 3),
    /** One each, the Levenshtein distance: the fewest errors. */
    UNIT(1, 1, 1);

    private final int substitution;
    private final int deletion;
    private final int insertion;

    EditCosts(int substitution, int deletion, int insertion) {
        this.substitution = substitution;
        this.deletion = deletion;
        this.insertion = insertion;
    }

    /** Cost of another token in the place of the reference's. */
    public int substitution() {
        return substitution;
    }

    /** Cost of a reference token without a counterpart. */
    public int deletion() {
        return deletion;
    }

    /** Cost of a hypothesis token without a counterpart. */
    public int insertion() {
        return insertion;
    }

    /**
     * How an alignment reaches a cell of the table from its three neighbours.
     *
     * <p>Ties go as in sclite ({@code net_dp.c}, {@code calculate_internal_cells}): match or substitution before an
     * insertion, an insertion before a deletion. Tracing back from the end, this pairs tokens as late as possible.
     *
     * @param diagonal cost by match or substitution
     * @param up cost by deletion
     * @param left cost by insertion
     */
    static Move choose(int diagonal, int up, int left) {
        if (diagonal <= up && diagonal <= left) {
            return Move.DIAGONAL;
        }
        return up < left ? Move.UP : Move.LEFT;
    }

    /** A step through the table: rows are reference tokens, columns hypothesis tokens. */
    enum Move {
        DIAGONAL,
        UP,
        LEFT
    }
}
