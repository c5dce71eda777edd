package org.omniscribe.app.spark;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class FileJobTest {
    private static List<RemoteFile> files(long... bytes) {
        return LongStream.range(0, bytes.length)
                .mapToObj(i -> new RemoteFile("f" + i, bytes[(int) i], 0))
                .toList();
    }

    private static List<Long> loads(List<List<RemoteFile>> dealt) {
        return dealt.stream()
                .map(hand -> hand.stream().mapToLong(RemoteFile::bytes).sum())
                .toList();
    }

    @Test
    void tasksAreAboutAsLargeAsToldAndTheLongestComeFirst() {
        List<List<RemoteFile>> dealt = FileJob.deal(files(10, 20, 30, 40, 20), 61, 1);
        assertEquals(List.of(60L, 60L), loads(dealt));
        assertEquals(40, dealt.get(0).get(0).bytes());
    }

    @Test
    void everyProcessorHasATaskIfThereAreEnoughRecordings() {
        assertEquals(List.of(4L, 5L, 4L), loads(FileJob.deal(files(1, 2, 3, 4, 3), 1000, 3)));
        assertEquals(2, FileJob.deal(files(1, 2), 1000, 8).size());
    }

    @Test
    void emptyFilesAreDealtOutAsWell() {
        assertEquals(
                List.of(2, 2),
                FileJob.deal(files(0, 0, 0, 0), 1000, 2).stream()
                        .map(List::size)
                        .toList());
    }
}
