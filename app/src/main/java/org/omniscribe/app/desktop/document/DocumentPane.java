package org.omniscribe.app.desktop.document;

import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import javafx.animation.AnimationTimer;
import javafx.beans.property.BooleanProperty;
import javafx.beans.property.SimpleBooleanProperty;
import javafx.collections.ListChangeListener;
import javafx.geometry.Pos;
import javafx.scene.control.Button;
import javafx.scene.control.ComboBox;
import javafx.scene.control.Label;
import javafx.scene.control.TextField;
import javafx.scene.input.KeyCode;
import javafx.scene.input.KeyCodeCombination;
import javafx.scene.input.KeyCombination;
import javafx.scene.input.KeyEvent;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;
import javafx.stage.FileChooser;
import javafx.util.StringConverter;
import org.kordamp.ikonli.feather.Feather;
import org.omniscribe.app.desktop.base.Desk;
import org.omniscribe.app.desktop.base.Figures;
import org.omniscribe.app.desktop.base.Icons;
import org.omniscribe.app.desktop.base.Notices;
import org.omniscribe.app.desktop.base.Settings;
import org.omniscribe.app.desktop.base.Strings;
import org.omniscribe.app.desktop.sound.Player;
import org.omniscribe.app.desktop.sound.SoundFile;
import org.omniscribe.app.desktop.sound.SoundOutput;
import org.omniscribe.app.desktop.timeline.Lanes;
import org.omniscribe.app.desktop.timeline.TimelineView;
import org.omniscribe.asr.io.FailureText;
import org.omniscribe.asr.transcript.Transcript;
import org.omniscribe.asr.transcript.Word;

/** A document with all that belongs to it: search, text, player and timeline. */
public final class DocumentPane extends VBox {
    private static final double SKIP_SECONDS = 5;

    private final Desk desk;
    private final Player player;
    private final TranscriptPane text = new TranscriptPane();
    private final TimelineView timeline = new TimelineView();
    private final TextField query = new TextField();
    private final Label matches = new Label();
    private final HBox findBar = new HBox(8);
    private final HBox playBar = new HBox(10);
    private final Button play;
    private final Label clock = new Label();
    private final Label problem = new Label();
    private final ComboBox<Double> speed = new ComboBox<>();
    private final BooleanProperty recording = new SimpleBooleanProperty();
    private final AnimationTimer timer = new AnimationTimer() {
        @Override
        public void handle(long now) {
            showClock();
        }
    };
    private Document document;
    private Runnable onChanged = () -> {};

    /** Without a document. */
    public DocumentPane(Desk desk, SoundOutput output) {
        this.desk = desk;
        this.player = new Player(output, desk.threads());
        getStyleClass().add("document");
        play = Icons.iconButton(Feather.PLAY, "player.play", player::toggle);
        play.getStyleClass().add("play");
        buildFindBar();
        buildPlayBar();
        VBox.setVgrow(text, Priority.ALWAYS);
        timeline.setLanes(Lanes.sound());
        getChildren().addAll(findBar, text, playBar, timeline);
        text.setHeard(this::heard);
        text.setOnWord(this::hear);
        text.setOnPlay(second -> {
            player.seek(second);
            player.play();
        });
        text.setOnEdited(() -> onChanged.run());
        timeline.setPlayhead(this::heard);
        timeline.setOnPick(player::seek);
        player.setOnChange(this::showPlayer);
        apply(desk.settings().get());
        desk.settings().listen(this::apply);
        sceneProperty().addListener((o, was, is) -> {
            if (is == null) {
                timer.stop();
            } else {
                timer.start();
            }
        });
        addEventHandler(KeyEvent.KEY_PRESSED, event -> {
            if (new KeyCodeCombination(KeyCode.Z, KeyCombination.SHORTCUT_DOWN).match(event)) {
                undo();
                event.consume();
            }
        });
    }

    private void buildFindBar() {
        query.setPromptText(Strings.get("find.prompt"));
        query.setAccessibleText(Strings.get("find.prompt"));
        query.setPrefColumnCount(24);
        query.textProperty().addListener((o, was, is) -> {
            int number = text.search(is);
            matches.setText(is.isBlank() ? "" : Strings.get("find.matches", number == 0 ? 0 : 1, number));
        });
        query.setOnKeyPressed(event -> {
            if (event.getCode() == KeyCode.ENTER) {
                find(event.isShiftDown() ? -1 : 1);
            } else if (event.getCode() == KeyCode.ESCAPE) {
                setFinding(false);
            } else {
                return;
            }
            event.consume();
        });
        matches.getStyleClass().add("faint");
        findBar.getStyleClass().add("find-bar");
        findBar.setAlignment(Pos.CENTER_LEFT);
        findBar.getChildren()
                .addAll(
                        Icons.of(Feather.SEARCH),
                        query,
                        matches,
                        Icons.iconButton(Feather.CHEVRON_UP, "find.previous", () -> find(-1)),
                        Icons.iconButton(Feather.CHEVRON_DOWN, "find.next", () -> find(1)),
                        Icons.iconButton(Feather.X, "find.close", () -> setFinding(false)));
        findBar.setVisible(false);
        findBar.managedProperty().bind(findBar.visibleProperty());
    }

    private void buildPlayBar() {
        for (double value : Player.SPEEDS) {
            speed.getItems().add(value);
        }
        speed.setValue(1.0);
        speed.setAccessibleText(Strings.get("player.speed"));
        speed.setConverter(new StringConverter<>() {
            @Override
            public String toString(Double value) {
                return value == null
                        ? ""
                        : String.format(
                                Locale.ROOT,
                                "%s×",
                                value == Math.rint(value) ? Long.toString(Math.round(value)) : Double.toString(value));
            }

            @Override
            public Double fromString(String value) {
                return Double.valueOf(value.replace("×", ""));
            }
        });
        speed.valueProperty().addListener((o, was, is) -> player.setSpeed(is));
        clock.getStyleClass().addAll("clock", "figures");
        problem.getStyleClass().add("problem");
        problem.setWrapText(true);
        Region gap = new Region();
        HBox.setHgrow(gap, Priority.ALWAYS);
        playBar.getStyleClass().add("play-bar");
        playBar.setAlignment(Pos.CENTER_LEFT);
        playBar.getChildren()
                .addAll(
                        Icons.iconButton(Feather.ROTATE_CCW, "player.back", () -> skip(-SKIP_SECONDS)),
                        play,
                        Icons.iconButton(Feather.ROTATE_CW, "player.forward", () -> skip(SKIP_SECONDS)),
                        clock,
                        speed,
                        problem,
                        gap,
                        Icons.iconButton(Feather.ZOOM_OUT, "timeline.zoomOut", timeline::zoomOut),
                        Icons.iconButton(Feather.ZOOM_IN, "timeline.zoomIn", timeline::zoomIn),
                        Icons.iconButton(Feather.MAXIMIZE_2, "timeline.all", timeline.viewport()::showAll));
        playBar.disableProperty().bind(recording);
    }

    /** Shows a document. */
    public void show(Document next) {
        player.close();
        document = next;
        text.show(next);
        timeline.setTimeline(next.timeline());
        timeline.setWords(next.words());
        next.lines().addListener((ListChangeListener<Document.Line>) change -> timeline.setWords(next.words()));
        timeline.viewport().begin(next.recording() ? 0 : next.timeline().seconds());
        // The sound of a session that has just begun may not be there yet.
        if (!next.recording()) {
            openSound();
        }
        showPlayer();
    }

    /** Opens the document's sound, if it is there by now. */
    public void openSound() {
        document.sound().ifPresent(file -> {
            try {
                player.open(new SoundFile(file));
            } catch (IOException e) {
                desk.fail(Strings.get("player.unreadable", FailureText.of(e)));
            }
        });
    }

    /** The document that is shown. */
    public Optional<Document> document() {
        return Optional.ofNullable(document);
    }

    /** Told after every correction. */
    public void setOnChanged(Runnable value) {
        onChanged = value;
    }

    /** Whether the document is being recorded: its end stays in sight, and nothing is played. */
    public void setRecording(boolean value) {
        recording.set(value);
        text.setSticky(value);
        timeline.viewport().follow(value);
    }

    /** The text, for what only some pages want. */
    public TranscriptPane text() {
        return text;
    }

    /** The timeline, for what only some pages want. */
    public TimelineView timeline() {
        return timeline;
    }

    /** The player. */
    public Player player() {
        return player;
    }

    /** Opens or closes the search. */
    public void setFinding(boolean value) {
        findBar.setVisible(value);
        if (value) {
            query.requestFocus();
            query.selectAll();
        } else {
            query.clear();
        }
    }

    /** Whether the search is open. */
    public boolean finding() {
        return findBar.isVisible();
    }

    private void find(int step) {
        int number = text.nextMatch(step);
        matches.setText(Strings.get(
                "find.matches",
                number,
                document == null ? 0 : document.find(query.getText()).size()));
    }

    /** Goes some seconds forward or back. */
    public void skip(double seconds) {
        player.seek(player.position() + seconds);
    }

    /** Takes back the last correction. */
    public void undo() {
        if (document != null && document.canUndo()) {
            document.undo();
            onChanged.run();
        }
    }

    private double heard() {
        return player.ready() && !recording.get() ? player.position() : Double.NaN;
    }

    private void hear(Word word) {
        if (!recording.get()) {
            player.play(word.start(), word.end());
        }
    }

    private void showPlayer() {
        Icons.change(
                play,
                player.playing() ? Feather.PAUSE : Feather.PLAY,
                player.playing() ? "player.pause" : "player.play");
        play.setDisable(!player.ready());
        problem.setText(player.failure());
    }

    private void showClock() {
        double length = document == null ? 0 : document.timeline().soundSeconds();
        clock.setText(Figures.clock(recording.get() ? length : player.position()) + " / " + Figures.clock(length));
        if (player.playing()) {
            timeline.viewport().reveal(player.position());
        }
    }

    private void apply(Settings settings) {
        text.setFontSize(settings.fontSize());
        text.setDoubtful(settings.doubtful());
        timeline.setDoubtful(settings.doubtful());
        timeline.setTheme(settings.theme());
    }

    /** Asks where to, and writes the document there in the format of the name's ending. */
    public void export() {
        if (document == null) {
            return;
        }
        FileChooser chooser = new FileChooser();
        chooser.setTitle(Strings.get("export.title"));
        for (String ending : Export.ENDINGS) {
            chooser.getExtensionFilters()
                    .add(new FileChooser.ExtensionFilter(Strings.get("format." + ending), "*." + ending));
        }
        String name = document.title();
        int dot = name.lastIndexOf('.');
        chooser.setInitialFileName((dot > 0 ? name.substring(0, dot) : name) + ".txt");
        File chosen = chooser.showSaveDialog(getScene().getWindow());
        if (chosen != null) {
            FileChooser.ExtensionFilter filter = chooser.getSelectedExtensionFilter();
            export(Export.named(
                    chosen.toPath(),
                    filter == null ? "txt" : filter.getExtensions().get(0).substring(2)));
        }
    }

    private void export(Path file) {
        write(file, () -> desk.notices()
                .tell(
                        Notices.Kind.INFORMATION,
                        Strings.get("export.done", file),
                        Strings.get("folder.show"),
                        () -> desk.showInFolder(file)));
    }

    /** Writes the document in the format of the file's ending. */
    public void write(Path file, Runnable done) {
        Document written = document;
        Transcript now = document.transcript();
        desk.write(file, () -> Export.bytes(now, file), () -> {
            written.saved();
            done.run();
        });
    }
}
