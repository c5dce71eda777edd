package org.omniscribe.eval.score;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class BootstrapTest {
    private static final ErrorCounts RIGHT = new ErrorCounts(1, 0, 0, 0);
    private static final ErrorCounts WRONG = new ErrorCounts(0, 1, 0, 0);

    @Test
    void ofWordsThatAreUnitsItIsTheBinomialInterval() {
        // 400 single words, 20 % wrong: the resampled rate is binomial with deviation sqrt(0.2 * 0.8 / 400) = 0.02.
        List<ErrorCounts> units = IntStream.range(0, 400)
                .mapToObj(i -> i % 5 == 0 ? WRONG : RIGHT)
                .toList();
        Interval interval = Bootstrap.interval(units);
        assertEquals(0.2 - 1.96 * 0.02, interval.low(), 0.003);
        assertEquals(0.2 + 1.96 * 0.02, interval.high(), 0.003);
        assertEquals(interval, Bootstrap.interval(units), "the same every time");
    }

    @Test
    void unitsThatAreAlikeLeaveNoDoubt() {
        assertEquals(new Interval(0.5, 0.5), Bootstrap.interval(Collections.nCopies(9, RIGHT.plus(WRONG))));
    }

    @Test
    void longUnitsWeighMore() {
        Interval interval = Bootstrap.interval(List.of(new ErrorCounts(1000, 0, 0, 0), WRONG));
        assertEquals(0, interval.low());
        assertEquals(1, interval.high());
    }

    @Test
    void withoutReferenceThereIsNoInterval() {
        for (List<ErrorCounts> units : List.of(List.<ErrorCounts>of(), List.of(new ErrorCounts(0, 0, 0, 3)))) {
            Interval interval = Bootstrap.interval(units);
            assertTrue(Double.isNaN(interval.low()) && Double.isNaN(interval.high()));
        }
    }
}
