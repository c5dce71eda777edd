package org.omniscribe.export.train;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WrittenFormTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    mister quilter is the apostle | Mister quilter is the apostle.
                    SHE SAID I'M NOT HERE AND I WENT | She said I'm not here and I went.
                    i in his island | I in his island.
                    is it so? | Is it so?
                    It is as it was, he said | It is as it was, he said
                    two  spaces | Two spaces.
                    """)
    void textsOfOneCaseBecomeSentences(String text, String written) {
        assertEquals(written, WrittenForm.of(text.strip()));
    }

    @ParameterizedTest
    @CsvSource({"'   '", "''"})
    void nothingStaysNothing(String text) {
        assertEquals("", WrittenForm.of(text));
    }
}
