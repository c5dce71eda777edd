package org.omniscribe.app.command;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.omniscribe.asr.io.FailureText;
import org.omniscribe.asr.io.OmniscribeException;
import org.omniscribe.asr.model.ModelException;
import org.omniscribe.datasets.DatasetException;
import org.omniscribe.datasets.download.DownloadException;
import org.omniscribe.eval.run.RunException;
import org.omniscribe.eval.score.ScoreException;
import org.omniscribe.export.checkpoint.CheckpointException;
import org.omniscribe.export.label.LabelException;
import org.omniscribe.export.lm.LanguageModelException;
import org.omniscribe.export.train.RecipeException;
import org.omniscribe.export.train.TrainException;

class ExitCodeTest {
    private static void assertCode(int code, OmniscribeException failure) {
        assertEquals(code, ExitCode.of(failure), failure.getClass().getSimpleName());
        assertEquals(failure.getMessage(), FailureText.of(failure), "nothing is put around it");
    }

    @Test
    void everyFailureHasTheCodeOfItsKind() {
        String message = "what is wrong; what to do";
        assertCode(ExitCode.SOME_FAILED, new DatasetException("x.tsv", List.of("empty"), "Fill it."));
        assertCode(ExitCode.SOME_FAILED, new ScoreException(message));
        assertCode(ExitCode.SOME_FAILED, new LabelException(message));
        assertCode(ExitCode.USAGE, new RecipeException(message));
        assertCode(ExitCode.USAGE, new CommandException(OmniscribeException.Kind.USAGE, message));
        assertCode(ExitCode.ENVIRONMENT, new ModelException(message));
        assertCode(ExitCode.ENVIRONMENT, new CheckpointException(message));
        assertCode(ExitCode.ENVIRONMENT, new DownloadException(message));
        assertCode(ExitCode.ENVIRONMENT, new RunException(message));
        assertCode(ExitCode.ENVIRONMENT, new TrainException(message));
        assertCode(ExitCode.ENVIRONMENT, new LanguageModelException(message));
        assertEquals(ExitCode.ENVIRONMENT, ExitCode.of(new UnsatisfiedLinkError("no onnx in path")));
    }
}
