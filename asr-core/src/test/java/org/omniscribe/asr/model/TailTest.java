package org.omniscribe.asr.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TailTest {
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 7, 100})
    void keepsTheLastOfAllThatWasAdded(int most) {
        Random random = new Random(most);
        Tail tail = new Tail(most);
        List<Float> all = new ArrayList<>();
        for (int round = 0; round < 500; round++) {
            float[] more = new float[random.nextInt(round % 50 == 0 ? 300 : 12)];
            for (int i = 0; i < more.length; i++) {
                more[i] = random.nextFloat();
                all.add(more[i]);
            }
            tail.add(more);
            FloatBuffer view = tail.view();
            List<Float> last = all.subList(Math.max(0, all.size() - most), all.size());
            assertEquals(last.size(), view.remaining());
            for (float value : last) {
                assertEquals(value, view.get());
            }
        }
    }

    @Test
    void nativeCodeMayReadItInPlace() {
        Tail tail = new Tail(4);
        assertTrue(tail.view().isDirect());
        tail.add(new float[] {1, 2});
        assertTrue(tail.view().isDirect());
    }
}
