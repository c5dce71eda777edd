package org.omniscribe.asr.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class FollowerTest {
    @Test
    void tasksRunInOrderInAnotherThread() {
        List<Integer> run = new ArrayList<>();
        List<Thread> threads = new ArrayList<>();
        try (Follower follower = new Follower("test")) {
            for (int i = 0; i < 100; i++) {
                int number = i;
                follower.run(() -> {
                    run.add(number);
                    threads.add(Thread.currentThread());
                });
            }
            follower.await();
            assertEquals(IntStream.range(0, 100).boxed().toList(), run);
        }
        assertEquals(1, threads.stream().distinct().count());
        assertEquals("test", threads.get(0).getName());
    }

    @Test
    void aTaskIsUnderWayWhileItsGiverGoesOn() throws InterruptedException {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        AtomicBoolean finished = new AtomicBoolean();
        try (Follower follower = new Follower("test")) {
            follower.run(() -> {
                begun.countDown();
                await(goOn);
                finished.set(true);
            });
            assertTrue(begun.await(30, TimeUnit.SECONDS));
            goOn.countDown();
        }
        assertTrue(finished.get(), "closing waits");
    }

    @Test
    void whatATaskThrowsReachesItsGiverAndTheNextIsNotBegun() {
        for (Throwable fault : List.of(new IllegalStateException("broken"), new OutOfMemoryError("full"))) {
            AtomicBoolean next = new AtomicBoolean();
            try (Follower follower = new Follower("test")) {
                follower.run(() -> FollowerTest.<RuntimeException>sneak(fault));
                assertSame(fault, assertThrows(Throwable.class, () -> follower.run(() -> next.set(true))));
                assertSame(fault, assertThrows(Throwable.class, follower::await));
            }
            assertEquals(false, next.get());
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            assertTrue(latch.await(30, TimeUnit.SECONDS));
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @SuppressWarnings("unchecked")
    private static <E extends Throwable> void sneak(Throwable fault) throws E {
        throw (E) fault;
    }
}
