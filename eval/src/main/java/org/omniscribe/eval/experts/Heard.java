package org.omniscribe.eval.experts;

import java.util.Map;
import org.omniscribe.asr.routing.RoutingTrace;

/**
 * A recording, or a piece of one, and how it went through a model.
 *
 * @param corpus the set that it belongs to
 * @param name of the recording
 * @param start where it begins in the recording, in seconds
 * @param samples the sound, mono at 16 kHz
 * @param text what the model made of each step: the token of the best path, empty for the blank
 * @param routing the experts of each step
 * @param probabilities {@code [layer][step][expert]}, the routers' whole distributions; null for layers where they are unknown
 * @param properties the value of each property at each step, or {@link Property#UNKNOWN}
 */
public record Heard(
        String corpus,
        String name,
        double start,
        float[] samples,
        String[] text,
        RoutingTrace routing,
        float[][][] probabilities,
        Map<Property, int[]> properties) {}
