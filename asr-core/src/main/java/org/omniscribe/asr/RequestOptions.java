package org.omniscribe.asr;

import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.omniscribe.asr.decode.Hotwords;
import org.omniscribe.asr.engine.Request;
import org.omniscribe.asr.transcript.Word;

/**
 * How one recording is transcribed, besides what the {@link RecognizerOptions} of its recognizer say.
 *
 * @param request what is asked for beyond the words, which only models that write by attention can do
 * @param hotwords words that it is likely to hold, besides those of the recognizer; models that cannot use them do without
 * @param progress told how far it has come
 * @param said told all words that do not change any more, from the first on, whenever there may be more of them; called on
 *     the transcribing thread
 */
public record RequestOptions(
        Request request, Optional<Hotwords> hotwords, ProgressListener progress, Consumer<List<Word>> said) {
    /** Nothing besides. */
    public static RequestOptions standard() {
        return new RequestOptions(Request.NONE, Optional.empty(), (done, total) -> {}, words -> {});
    }

    /** With something that is asked for. */
    public RequestOptions withRequest(Request value) {
        return new RequestOptions(value, hotwords, progress, said);
    }

    /** With words that the recording is likely to hold. */
    public RequestOptions withHotwords(Hotwords value) {
        return new RequestOptions(request, Optional.of(value), progress, said);
    }

    /** With somebody who is told how far it has come. */
    public RequestOptions withProgress(ProgressListener value) {
        return new RequestOptions(request, hotwords, value, said);
    }

    /** With somebody who is told the words as they come. */
    public RequestOptions withSaid(Consumer<List<Word>> value) {
        return new RequestOptions(request, hotwords, progress, value);
    }
}
