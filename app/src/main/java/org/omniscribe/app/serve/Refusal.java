package org.omniscribe.app.serve;

/** A request that is not answered as wished; the message says what is wrong and what to do next. */
final class Refusal extends RuntimeException {
    private final int status;
    private final String type;

    /**
     * A refusal.
     *
     * @param status of HTTP
     * @param type what OpenAI calls errors of this kind
     */
    Refusal(int status, String type, String message) {
        super(message);
        this.status = status;
        this.type = type;
    }

    static Refusal invalid(String message) {
        return new Refusal(400, "invalid_request_error", message);
    }

    int status() {
        return status;
    }

    String type() {
        return type;
    }
}
