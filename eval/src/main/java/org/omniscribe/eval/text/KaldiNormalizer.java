package org.omniscribe.eval.text;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Compares words as Kaldi's recipes do, each test set by the rules of its own recipe.
 *
 * <p>In all sets case and punctuation count nothing; hyphens and apostrophes belong to their words. Beyond that: tags in
 * brackets such as {@code [noise]} and {@code <unk>} are dropped where recognisers or transcribers write them (AMI, CHiME-6,
 * CallHome, Switchboard, WSJ, TED-LIUM); hesitations are dropped (AMI, CallHome, Switchboard), or written in one way
 * (CHiME-6); backchannels such as {@code uh-huh} become one word for yes and one for no (AMI); parts of words are dropped
 * (CallHome, Switchboard); parted clitics are joined (TED-LIUM). CallHome and Switchboard are scored with the choices of
 * NIST's references, and the long lists of spellings in their GLM file are applied before: see {@link
 * org.omniscribe.eval.score.Glm}.
 *
 * <p>Sources: the scoring scripts and filters of Kaldi's recipes ami/s5, chime6/s5_track1, swbd/s5c, tedlium/s5_r3 and wsj/s5.
 */
public final class KaldiNormalizer implements Normalizer {
    private static final Pattern SPACE = Pattern.compile("\\s+");
    private static final Pattern TAG = Pattern.compile("\\[[^\\]]*]|<[^>]*>");
    private static final Pattern CLITIC = Pattern.compile("(?<=\\w)\\s+(?='(?:s|d|m|t|ll|re|ve)\\b)");
    private static final Pattern EDGES = Pattern.compile("^[^\\p{L}\\p{N}'%]+|[^\\p{L}\\p{N}'-]+$");

    private static final Set<String> TELEPHONE_HESITATIONS =
            Set.of("uh", "um", "eh", "mm", "hm", "ah", "huh", "ha", "er", "oof", "hee", "ach", "eee", "ew");
    private static final Set<String> MEETING_HESITATIONS =
            Set.of("uh", "um", "eh", "mm", "hm", "hmm", "ah", "huh", "ha", "er", "oof", "hee", "ach", "eee", "ew");
    private static final Set<String> YES =
            Set.of("mhm", "mm-hm", "mm-hmm", "mm-huh", "mmhm", "uh-hmm", "uhhuh", "uh-huh", "um-hmm", "um-hum");
    private static final Set<String> NO = Set.of("huh-uh", "huhuh", "uh-uh", "uhuh");
    private static final Set<String> DINNER_HUMS = Set.of("mhm", "mm", "mmm");

    /** What is particular to a test set. */
    private enum Rules {
        PLAIN(false) {
            @Override
            Optional<String> word(String word) {
                return Optional.of(word);
            }
        },
        TAGGED(true) {
            @Override
            Optional<String> word(String word) {
                return Optional.of(word);
            }
        },
        MEETINGS(true) {
            @Override
            Optional<String> word(String word) {
                if (YES.contains(word)) {
                    return Optional.of("%bcack");
                }
                if (NO.contains(word)) {
                    return Optional.of("%bcnack");
                }
                return switch (word) {
                    case "mr" -> Optional.of("mister");
                    case "missus", "misses" -> Optional.of("mrs");
                    case "ok" -> Optional.of("okay");
                    default -> MEETING_HESITATIONS.contains(word) ? Optional.empty() : Optional.of(word);
                };
            }
        },
        DINNERS(true) {
            @Override
            Optional<String> word(String word) {
                return Optional.of(DINNER_HUMS.contains(word) ? "hmm" : word);
            }
        },
        TELEPHONE(true) {
            @Override
            Optional<String> word(String word) {
                boolean dropped = word.endsWith("-") || TELEPHONE_HESITATIONS.contains(word);
                return dropped ? Optional.empty() : Optional.of(word);
            }
        };

        private final boolean tags;

        Rules(boolean tags) {
            this.tags = tags;
        }

        /** What becomes of a word in lower case; empty if it is dropped. */
        abstract Optional<String> word(String word);
    }

    private static final Map<String, Rules> BY_SET = Map.of(
            "ami-ihm", Rules.MEETINGS,
            "chime6", Rules.DINNERS,
            "callhome", Rules.TELEPHONE,
            "switchboard", Rules.TELEPHONE,
            "wsj", Rules.TAGGED,
            "tedlium", Rules.TAGGED);

    private final Rules rules;

    KaldiNormalizer() {
        this(Rules.PLAIN);
    }

    private KaldiNormalizer(Rules rules) {
        this.rules = rules;
    }

    @Override
    public String name() {
        return "kaldi";
    }

    @Override
    public String version() {
        return "2";
    }

    @Override
    public boolean takesNotation() {
        return true;
    }

    @Override
    public Normalizer forSet(String set) {
        return new KaldiNormalizer(BY_SET.getOrDefault(set, Rules.PLAIN));
    }

    @Override
    public String normalize(String text) {
        String plain = text.toLowerCase(Locale.ROOT).replace('\u2019', '\'');
        if (rules.tags) {
            plain = TAG.matcher(plain).replaceAll(" ");
        }
        plain = CLITIC.matcher(plain).replaceAll("");
        List<String> kept = new ArrayList<>();
        for (String token : SPACE.split(plain)) {
            String word = EDGES.matcher(token).replaceAll("");
            if (!word.isEmpty()) {
                rules.word(word).ifPresent(kept::add);
            }
        }
        return String.join(" ", kept);
    }
}
