package org.omniscribe.datasets;

import java.util.List;
import org.omniscribe.asr.io.OmniscribeException;

/**
 * A corpus or manifest cannot be read as it is; the message names the file and every fault found in it.
 */
public final class DatasetException extends OmniscribeException {
    private static final long serialVersionUID = 1L;
    /** Faults spelled out in the message; {@link #faults()} has them all. */
    private static final int SHOWN = 20;

    private final transient List<String> faults;

    /**
     * Makes one exception of all faults of a file or folder.
     *
     * @param where the file or folder
     * @param faults what is wrong, one entry a fault, at least one
     * @param remedy what to do next
     */
    public DatasetException(String where, List<String> faults, String remedy) {
        super(Kind.INPUT, message(where, faults, remedy));
        this.faults = List.copyOf(faults);
    }

    /** Everything that is wrong, in the order of the file. */
    public List<String> faults() {
        return faults;
    }

    private static String message(String where, List<String> faults, String remedy) {
        if (faults.isEmpty()) {
            throw new IllegalArgumentException("faults is empty");
        }
        StringBuilder text = new StringBuilder(where).append(": ");
        text.append(faults.size() == 1 ? "1 fault" : faults.size() + " faults");
        for (String fault : faults.subList(0, Math.min(SHOWN, faults.size()))) {
            text.append("\n  ").append(fault);
        }
        if (faults.size() > SHOWN) {
            text.append("\n  and ").append(faults.size() - SHOWN).append(" more");
        }
        return text.append('\n').append(remedy).toString();
    }
}
