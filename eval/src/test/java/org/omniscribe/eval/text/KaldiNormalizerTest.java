package org.omniscribe.eval.text;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KaldiNormalizerTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "librispeech-clean | MISTER QUILTER IS THE APOSTLE | mister quilter is the apostle",
                "librispeech-other | I'D [SIC] UM | i'd sic um",
                "common-voice | \"No,\" he said - it's well-known! | no he said it's well-known",
                "fleurs | It cost $5 in May (2010). | it cost 5 in may 2010",
                "ami-ihm | UH-HUH MM-HMM UH OK MR SMITH | %bcack %bcack okay mister smith",
                "ami-ihm | Uhhuh mhm. Huh-uh, um hmm! | %bcack %bcack %bcnack",
                "ami-ihm | [noise] yes <unk> misses | yes mrs",
                "chime6 | mhm mm yeah [laughs] mmm hmm [inaudible 0:01:02] | hmm hmm yeah hmm hmm",
                "callhome | UH I TH- THINK [LAUGHTER] HUH SO | i think so",
                "switchboard | <unk> uh-huh right [vocalized-noise] ew | uh-huh right",
                "wsj | <NOISE> PRICES ROSE <SPOKEN_NOISE> | prices rose",
                "tedlium | we <unk> 'll see , it 's the talk | we'll see it's the talk",
                "tedlium | i 'd say you can 't [NOISE] | i'd say you can't",
                "voxpopuli | we agree, mr president | we agree mr president",
                "unknown-set | [noise] UH | noise uh"
            })
    void eachSetGoesByItsOwnRecipe(String set, String text, String normalized) {
        Normalizer normalizer = Normalizers.KALDI.forSet(set);
        assertEquals(normalized, normalizer.normalize(text));
        assertEquals(normalized, normalizer.normalize(normalized), "once is enough");
        assertEquals("kaldi", normalizer.name());
    }

    @Test
    void otherNormalizersKnowNoSets() {
        assertSame(Normalizers.NIST, Normalizers.NIST.forSet("ami-ihm"));
    }
}
