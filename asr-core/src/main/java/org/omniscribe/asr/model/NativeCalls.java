package org.omniscribe.asr.model;

import java.time.Duration;

/**
 * Counts the calls that are under way in ONNX Runtime, so that a program can end without one.
 *
 * <p>ONNX Runtime frees its environment in a shutdown hook of its own, and a call that is under way then crashes the virtual
 * machine (github.com/microsoft/onnxruntime/issues/31352). Hooks run side by side, so no other hook can prevent that: a
 * program has to call {@link #end} before it calls {@link System#exit}.
 */
public final class NativeCalls {
    private static final Object LOCK = new Object();
    private static int underWay;
    private static boolean ended;

    private NativeCalls() {}

    /**
     * Says that a call into ONNX Runtime begins; {@link #leave} is to follow, whatever comes of it. After {@link #end} this
     * never returns: the program is ending, and the thread with it. Calls of one thread must not be nested.
     */
    public static void enter() {
        synchronized (LOCK) {
            boolean interrupted = false;
            while (ended) {
                try {
                    LOCK.wait();
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
            underWay++;
        }
    }

    /** Says that a call is over. */
    public static void leave() {
        synchronized (LOCK) {
            underWay--;
            LOCK.notifyAll();
        }
    }

    /**
     * Lets no more calls begin and waits for those that are under way; to be called once, when the program is to end.
     *
     * @param most how long to wait
     * @return whether none is under way any more
     */
    public static boolean end(Duration most) {
        long until = System.nanoTime() + most.toNanos();
        synchronized (LOCK) {
            ended = true;
            boolean interrupted = false;
            for (long left; underWay > 0 && (left = until - System.nanoTime()) > 0; ) {
                try {
                    LOCK.wait(left / 1_000_000 + 1);
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
            return underWay == 0;
        }
    }
}
