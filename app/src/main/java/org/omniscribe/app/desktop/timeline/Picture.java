package org.omniscribe.app.desktop.timeline;

import java.util.List;
import org.omniscribe.app.desktop.base.Settings.Theme;
import org.omniscribe.asr.transcript.Word;

/**
 * What a timeline shows at one moment.
 *
 * @param timeline the data
 * @param words in order
 * @param from first second seen
 * @param span seconds seen
 * @param lanes what is shown of it
 * @param filter what stands out
 * @param doubtful words of lower confidence are marked
 * @param playhead the second that is played; NaN for none
 * @param theme colours
 */
record Picture(
        Timeline timeline,
        List<Word> words,
        double from,
        double span,
        Lanes lanes,
        Filter filter,
        double doubtful,
        double playhead,
        Theme theme) {

    /** The first word that ends after a second; the number of words if none does. */
    int firstWordAfter(double second) {
        int low = 0;
        int high = words.size();
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (words.get(middle).end() > second) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        return low;
    }
}
