package org.omniscribe.app.life;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.function.IntConsumer;
import org.slf4j.LoggerFactory;

/**
 * Takes signals before the virtual machine does, whose answer to one is to begin its shutdown.
 *
 * <p>By reflection, as {@code sun.misc.Signal} is in every JDK but cannot be named without a warning of the compiler.
 */
final class Signals {
    private Signals() {}

    /**
     * Has a signal handled, where that can be done. A signal that the program was started to ignore, such as INT in the
     * background of a shell, stays ignored.
     *
     * @param name without SIG, such as INT
     * @param handler gets the number of the signal, on a thread of its own
     * @return whether it will be
     */
    static boolean handle(String name, IntConsumer handler) {
        try {
            Class<?> signal = Class.forName("sun.misc.Signal");
            Class<?> handlers = Class.forName("sun.misc.SignalHandler");
            Object own = Proxy.newProxyInstance(
                    handlers.getClassLoader(),
                    new Class<?>[] {handlers},
                    (proxy, method, args) -> switch (method.getName()) {
                        case "handle" -> {
                            handler.accept((int) signal.getMethod("getNumber").invoke(args[0]));
                            yield null;
                        }
                        case "equals" -> proxy == args[0];
                        case "hashCode" -> System.identityHashCode(proxy);
                        default -> "handler of " + name;
                    });
            signal.getMethod("handle", signal, handlers)
                    .invoke(null, signal.getConstructor(String.class).newInstance(name), own);
            return true;
        } catch (ReflectiveOperationException e) {
            // Such as with -Xrs, or where the system has no such signal.
            Throwable cause = e instanceof InvocationTargetException ? e.getCause() : e;
            LoggerFactory.getLogger(Signals.class).info("{} is left to the system", name, cause);
            return false;
        }
    }
}
