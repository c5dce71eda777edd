package org.omniscribe.app.serve;

import org.omniscribe.asr.io.OmniscribeException;

/** A request that is not answered as wished; the message says what is wrong and what to do next. */
final class Refusal extends OmniscribeException {
    private final int status;
    private final String type;
    private final String param;
    private final String code;

    /**
     * A refusal.
     *
     * @param status of HTTP
     * @param type what OpenAI calls errors of this kind
     */
    Refusal(int status, String type, String message) {
        this(status, type, null, null, message);
    }

    /**
     * A refusal with all that OpenAI's form has.
     *
     * @param param the field that is wrong, or null
     * @param code what a program tells it by, or null
     */
    Refusal(int status, String type, String param, String code, String message) {
        super(status < 500 ? Kind.USAGE : Kind.ENVIRONMENT, message);
        this.status = status;
        this.type = type;
        this.param = param;
        this.code = code;
    }

    static Refusal invalid(String message) {
        return new Refusal(400, "invalid_request_error", message);
    }

    /** A field of the form is wrong. */
    static Refusal field(String name, String message) {
        return new Refusal(400, "invalid_request_error", name, "invalid_value", message);
    }

    /** What a failure of the recogniser is to a caller: his fault, with its reason, or the server's, without. */
    static Refusal of(OmniscribeException failure) {
        if (failure instanceof Refusal known) {
            return known;
        }
        return switch (failure.kind()) {
            case INPUT, USAGE -> invalid(failure.getMessage());
            case ENVIRONMENT, MODEL -> failed();
        };
    }

    static Refusal failed() {
        return new Refusal(500, "server_error", "the transcription failed; the log of the server says why");
    }

    int status() {
        return status;
    }

    String type() {
        return type;
    }

    String param() {
        return param;
    }

    String code() {
        return code;
    }
}
