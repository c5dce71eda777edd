package org.omniscribe.app.batch;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.omniscribe.app.batch.AudioFiles.Input;

/** Tells of folders that are looked at again and again which recordings have come into them. Not thread-safe. */
public final class Arrivals {
    private final Map<Path, Stamp> seen = new HashMap<>();
    private final Map<Path, Stamp> told = new HashMap<>();

    /**
     * Looks once more.
     *
     * @param there the recordings that are there now
     * @return those that have not changed since the last look, so that nobody is writing them any more, and that were not
     *     returned before in this state
     */
    public List<Input> look(List<Input> there) {
        List<Input> arrived = new ArrayList<>();
        Map<Path, Stamp> now = new HashMap<>();
        for (Input input : there) {
            Stamp stamp = Stamp.of(input.path());
            now.put(input.path(), stamp);
            if (stamp.equals(seen.get(input.path())) && !stamp.equals(told.get(input.path()))) {
                told.put(input.path(), stamp);
                arrived.add(input);
            }
        }
        seen.clear();
        seen.putAll(now);
        told.keySet().retainAll(now.keySet());
        return arrived;
    }
}
