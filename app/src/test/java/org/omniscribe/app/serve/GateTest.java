package org.omniscribe.app.serve;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class GateTest {
    private static final long SOON = Duration.ofMillis(50).toNanos();
    private static final long LATE = Duration.ofSeconds(20).toNanos();

    private static final Runnable NOTHING = () -> {};

    private final Metrics metrics = new Metrics();

    @Test
    void whoseTurnDoesNotComeInTimeIsToldSoAndTheTurnGoesToTheNext() throws Exception {
        Gate gate = new Gate(1, 2, metrics);
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        ExecutorService threads = Executors.newFixedThreadPool(2);
        try {
            Future<String> first = threads.submit(() -> gate.work(System.nanoTime() + LATE, NOTHING, () -> {
                begun.countDown();
                await(go);
                return "first";
            }));
            assertTrue(begun.await(20, TimeUnit.SECONDS));
            Refusal refusal = assertThrows(
                    Refusal.class, () -> gate.work(System.nanoTime() + SOON, NOTHING, () -> "must not be worked on"));
            assertEquals(503, refusal.status());
            assertTrue(refusal.getMessage().contains("did not come to this request in time"), refusal.getMessage());
            assertEquals(0, metrics.waiting.get());
            assertEquals(1, metrics.working.get());

            Future<String> next = threads.submit(() -> gate.work(System.nanoTime() + LATE, NOTHING, () -> "next"));
            go.countDown();
            assertEquals("first", first.get(20, TimeUnit.SECONDS));
            assertEquals("next", next.get(20, TimeUnit.SECONDS));
            assertEquals(0, metrics.working.get());
        } finally {
            go.countDown();
            threads.shutdownNow();
        }
    }

    @Test
    void whoLeavesWhileItWaitsIsNotWorkedOnAndNobodyWaitsForIt() throws Exception {
        Gate gate = new Gate(1, 2, metrics);
        gate.work(System.nanoTime() + LATE, NOTHING, () -> {
            assertThrows(
                    IllegalStateException.class,
                    () -> gate.work(
                            System.nanoTime() + LATE,
                            () -> {
                                throw new IllegalStateException("left");
                            },
                            () -> "must not be worked on"));
            return "the only job";
        });
        assertEquals(0, metrics.waiting.get());
        assertEquals("next", gate.work(System.nanoTime() + LATE, NOTHING, () -> "next"));
    }

    @Test
    void whoCameFirstIsFirstAlsoAfterLookingUp() throws Exception {
        Gate gate = new Gate(1, 3, metrics);
        CountDownLatch looked = new CountDownLatch(2);
        List<Integer> order = Collections.synchronizedList(new ArrayList<>());
        ExecutorService threads = Executors.newFixedThreadPool(3);
        try {
            List<Future<Integer>> waiting = new ArrayList<>();
            gate.work(System.nanoTime() + LATE, NOTHING, () -> {
                for (int i = 0; i < 3; i++) {
                    int number = i;
                    waiting.add(threads.submit(() -> gate.work(
                            System.nanoTime() + LATE,
                            // The first looks up twice while the others wait behind it.
                            number == 0 ? looked::countDown : NOTHING,
                            () -> {
                                order.add(number);
                                return number;
                            })));
                    while (metrics.waiting.get() <= i) {
                        Thread.onSpinWait();
                    }
                }
                await(looked);
                return "the only job";
            });
            for (Future<Integer> one : waiting) {
                one.get(20, TimeUnit.SECONDS);
            }
        } finally {
            threads.shutdownNow();
        }
        assertEquals(List.of(0, 1, 2), order);
    }

    @Test
    void workThatFailsGivesItsTurnBack() throws InterruptedException {
        Gate gate = new Gate(1, 0, metrics);
        assertThrows(
                IllegalStateException.class,
                () -> gate.work(System.nanoTime() + LATE, NOTHING, () -> {
                    throw new IllegalStateException("broken");
                }));
        assertEquals("next", gate.work(System.nanoTime() + LATE, NOTHING, () -> "next"));
    }

    @Test
    void thereAreAsManyPlacesAsJobsAndQueue() {
        Gate gate = new Gate(1, 1, metrics);
        assertTrue(gate.enter());
        assertTrue(gate.enter());
        assertFalse(gate.enter());
        gate.leave();
        assertTrue(gate.enter());
        assertEquals(2, metrics.open.get());
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
