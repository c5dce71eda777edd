package org.omniscribe.app.desktop.document;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.DoubleConsumer;
import java.util.function.DoubleSupplier;
import java.util.function.Predicate;
import javafx.animation.AnimationTimer;
import javafx.application.Platform;
import javafx.collections.FXCollections;
import javafx.collections.ListChangeListener;
import javafx.collections.ObservableList;
import javafx.css.PseudoClass;
import javafx.geometry.Insets;
import javafx.geometry.Pos;
import javafx.scene.control.ContextMenu;
import javafx.scene.control.Label;
import javafx.scene.control.ListCell;
import javafx.scene.control.ListView;
import javafx.scene.control.MenuItem;
import javafx.scene.control.TextArea;
import javafx.scene.input.Clipboard;
import javafx.scene.input.ClipboardContent;
import javafx.scene.input.KeyCode;
import javafx.scene.input.KeyEvent;
import javafx.scene.input.MouseButton;
import javafx.scene.input.MouseEvent;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.StackPane;
import javafx.scene.layout.VBox;
import javafx.scene.text.TextFlow;
import org.kordamp.ikonli.feather.Feather;
import org.omniscribe.app.desktop.base.Figures;
import org.omniscribe.app.desktop.base.Icons;
import org.omniscribe.app.desktop.base.Strings;
import org.omniscribe.app.desktop.document.Document.Line;
import org.omniscribe.app.desktop.document.Document.Match;
import org.omniscribe.asr.transcript.Word;

/**
 * The text of a document: a line with its time for each segment, the word that is heard lit up, words of low confidence
 * underlined, words that may still change in grey. A click on a word plays it, a double click corrects the line. Only the
 * lines in sight exist as nodes.
 */
public final class TranscriptPane extends StackPane {
    private static final PseudoClass DOUBTFUL = PseudoClass.getPseudoClass("doubtful");
    private static final PseudoClass HEARD = PseudoClass.getPseudoClass("heard");
    private static final PseudoClass FOUND = PseudoClass.getPseudoClass("found");
    private static final PseudoClass CURRENT = PseudoClass.getPseudoClass("current");
    private static final PseudoClass MARKED = PseudoClass.getPseudoClass("marked");
    private static final PseudoClass TENTATIVE = PseudoClass.getPseudoClass("tentative");
    private static final double WIDEST = 860;
    /** Stands below the lines for the words that may still change. */
    private static final Line PARTIAL = new Line(null, false);

    private final ListView<Line> list = new ListView<>();
    private final VBox empty = new VBox(10);
    private final Label emptyTitle = new Label();
    private final Label emptyHint = new Label();
    private final List<Cell> cells = new ArrayList<>();
    private final AnimationTimer timer = new AnimationTimer() {
        @Override
        public void handle(long now) {
            follow();
        }
    };
    private final ListChangeListener<Line> growth = this::changed;
    private final ObservableList<Line> rows = FXCollections.observableArrayList();
    private Document document;
    private DoubleSupplier heard = () -> Double.NaN;
    private Consumer<Word> onWord = word -> {};
    private DoubleConsumer onPlay = second -> {};
    private Runnable onEdited = () -> {};
    private Runnable onPartial = () -> {};
    private Predicate<Word> marked = word -> false;
    private double doubtful;
    private boolean sticky;
    private int editing = -1;
    private double lastHeard = Double.NaN;
    private String query = "";
    private List<Match> matches = List.of();
    private int match = -1;

    /** Without a document. */
    public TranscriptPane() {
        getStyleClass().add("transcript");
        list.getStyleClass().add("transcript-list");
        list.setItems(rows);
        list.setCellFactory(view -> new Cell());
        list.setAccessibleText(Strings.get("transcript.accessible"));
        list.addEventFilter(KeyEvent.KEY_PRESSED, this::key);
        emptyTitle.getStyleClass().add("empty-title");
        emptyHint.getStyleClass().add("empty-hint");
        emptyHint.setWrapText(true);
        empty.setAlignment(Pos.CENTER);
        empty.setMouseTransparent(true);
        empty.getChildren().addAll(Icons.of(Feather.MESSAGE_SQUARE, 40), emptyTitle, emptyHint);
        empty.getStyleClass().add("empty");
        getChildren().addAll(list, empty);
        sceneProperty().addListener((o, was, is) -> {
            if (is == null) {
                timer.stop();
            } else {
                timer.start();
            }
        });
    }

    /** Shows a document. */
    public void show(Document next) {
        if (document != null) {
            document.lines().removeListener(growth);
            document.setOnPartial(() -> {});
        }
        document = next;
        editing = -1;
        search("");
        rows.setAll(next.lines());
        next.lines().addListener(growth);
        next.setOnPartial(this::showPartial);
        showPartial();
        list.scrollTo(0);
    }

    private void changed(ListChangeListener.Change<? extends Line> change) {
        while (change.next()) {
            rows.remove(change.getFrom(), change.getFrom() + change.getRemovedSize());
            rows.addAll(change.getFrom(), change.getAddedSubList());
        }
        showEmpty();
        if (sticky) {
            scrollToEnd();
        }
    }

    private void showPartial() {
        boolean there = !rows.isEmpty() && rows.get(rows.size() - 1) == PARTIAL;
        boolean wanted = !document.stable().isEmpty() || !document.tentative().isEmpty();
        if (wanted && !there) {
            rows.add(PARTIAL);
        } else if (there && !wanted) {
            rows.remove(rows.size() - 1);
        }
        cells.forEach(Cell::partial);
        onPartial.run();
        showEmpty();
        if (sticky) {
            scrollToEnd();
        }
    }

    /** Tells whenever the words that may still change have changed. */
    public void listen(Runnable value) {
        onPartial = value;
    }

    /** What is said where there are no words. */
    public void setEmptyText(String title, String hint) {
        emptyTitle.setText(title);
        emptyHint.setText(hint);
    }

    /** Where the second that is heard comes from; NaN for none. */
    public void setHeard(DoubleSupplier value) {
        heard = value;
    }

    /** Told a word that is clicked on. */
    public void setOnWord(Consumer<Word> value) {
        onWord = value;
    }

    /** Told the second from which to play. */
    public void setOnPlay(DoubleConsumer value) {
        onPlay = value;
    }

    /** Told after a correction. */
    public void setOnEdited(Runnable value) {
        onEdited = value;
    }

    /** Marks words below another confidence. */
    public void setDoubtful(double value) {
        doubtful = value;
        refresh();
    }

    /** Marks other words. */
    public void setMarked(Predicate<Word> value) {
        marked = value;
        refresh();
    }

    /** Sets the size of the text in pixels. */
    public void setFontSize(int pixels) {
        list.setStyle("-fx-font-size: " + pixels + "px;");
    }

    /** Keeps the end in sight as the document grows. */
    public void setSticky(boolean value) {
        sticky = value;
    }

    private void showEmpty() {
        empty.setVisible(rows.isEmpty());
    }

    private void scrollToEnd() {
        if (!rows.isEmpty()) {
            list.scrollTo(rows.size() - 1);
        }
    }

    private void refresh() {
        cells.forEach(Cell::decorate);
    }

    private void follow() {
        double now = heard.getAsDouble();
        if (Double.compare(now, lastHeard) == 0) {
            return;
        }
        boolean jumped = Double.isNaN(lastHeard) || Math.abs(now - lastHeard) > 1;
        int before = Double.isNaN(lastHeard) || document == null ? -1 : document.lineAt(lastHeard);
        lastHeard = now;
        refresh();
        if (document != null && !Double.isNaN(now) && editing < 0) {
            int line = document.lineAt(now);
            if (line >= 0 && (line != before || jumped) && cells.stream().noneMatch(cell -> cell.inSight(line))) {
                list.scrollTo(Math.max(0, line - 1));
            }
        }
    }

    private void key(KeyEvent event) {
        int index = list.getSelectionModel().getSelectedIndex();
        if (editing >= 0 || document == null || index < 0 || rows.get(index) == PARTIAL) {
            return;
        }
        if (event.getCode() == KeyCode.F2) {
            edit(index);
        } else if (event.getCode() == KeyCode.ENTER) {
            onPlay.accept(document.lines().get(index).segment().start());
        } else {
            return;
        }
        event.consume();
    }

    /** Opens a line for correction. */
    void edit(int index) {
        editing = index;
        list.refresh();
    }

    private void commit(int index, String text) {
        if (editing != index) {
            return;
        }
        editing = -1;
        document.edit(index, text);
        onEdited.run();
        list.refresh();
        list.requestFocus();
    }

    private void cancel() {
        editing = -1;
        list.refresh();
        list.requestFocus();
    }

    /** Looks for a text; says how often it is there. */
    public int search(String text) {
        query = text;
        matches = document == null ? List.of() : document.find(text);
        match = matches.isEmpty() ? -1 : 0;
        showMatch();
        return matches.size();
    }

    /**
     * Goes to another match.
     *
     * @param step 1 for the next, -1 for the one before
     * @return its number, from 1; 0 if there is none
     */
    public int nextMatch(int step) {
        matches = document == null ? List.of() : document.find(query);
        match = matches.isEmpty() ? -1 : Math.floorMod(match + step, matches.size());
        showMatch();
        return match + 1;
    }

    private void showMatch() {
        if (match >= 0) {
            int line = matches.get(match).line();
            list.getSelectionModel().select(line);
            if (cells.stream().noneMatch(cell -> cell.inSight(line))) {
                list.scrollTo(Math.max(0, line - 1));
            }
        }
        refresh();
    }

    private void copy(String text) {
        ClipboardContent content = new ClipboardContent();
        content.putString(text);
        Clipboard.getSystemClipboard().setContent(content);
    }

    /** A line. */
    private final class Cell extends ListCell<Line> {
        private final Label time = new Label();
        private final TextFlow flow = new TextFlow();
        private final HBox row = new HBox(16, time, flow);
        private final TextArea editor = new TextArea();

        Cell() {
            cells.add(this);
            getStyleClass().add("transcript-line");
            time.getStyleClass().add("time");
            time.setMinWidth(Region.USE_PREF_SIZE);
            flow.getStyleClass().add("words");
            flow.setMaxWidth(WIDEST);
            HBox.setHgrow(flow, Priority.ALWAYS);
            HBox.setHgrow(editor, Priority.ALWAYS);
            row.setAlignment(Pos.TOP_LEFT);
            setPrefWidth(0);
            editor.setWrapText(true);
            editor.setPrefRowCount(2);
            editor.setMaxWidth(WIDEST);
            editor.addEventFilter(KeyEvent.KEY_PRESSED, this::editorKey);
            editor.focusedProperty().addListener((o, was, is) -> {
                if (!is && editing == getIndex() && editor.getScene() != null) {
                    commit(getIndex(), editor.getText());
                }
            });
            setOnMouseClicked(this::clicked);
        }

        private void clicked(MouseEvent event) {
            if (getItem() != null
                    && getItem() != PARTIAL
                    && event.getButton() == MouseButton.PRIMARY
                    && event.getClickCount() == 2) {
                edit(getIndex());
            }
        }

        private void editorKey(KeyEvent event) {
            if (event.getCode() == KeyCode.ENTER) {
                commit(getIndex(), editor.getText());
                event.consume();
            } else if (event.getCode() == KeyCode.ESCAPE) {
                cancel();
                event.consume();
            }
        }

        boolean inSight(int line) {
            return getIndex() == line && getItem() != null && isVisible() && getParent() != null;
        }

        @Override
        protected void updateItem(Line line, boolean none) {
            super.updateItem(line, none);
            if (none || line == null) {
                setGraphic(null);
                setContextMenu(null);
                setAccessibleText(null);
                return;
            }
            if (line == PARTIAL) {
                row.getChildren().setAll(time, flow);
                setGraphic(row);
                setContextMenu(null);
                partial();
                return;
            }
            String at = Figures.clock(line.segment().start());
            time.setText(at);
            setAccessibleText(at + " " + line.segment().text());
            if (editing == getIndex()) {
                editor.setText(line.segment().text());
                row.getChildren().setAll(time, editor);
                Platform.runLater(() -> {
                    editor.requestFocus();
                    editor.end();
                });
            } else {
                row.getChildren().setAll(time, flow);
                flow.getChildren()
                        .setAll(line.segment().words().stream().map(this::label).toList());
                decorate();
            }
            setGraphic(row);
            setContextMenu(menu(line));
        }

        void partial() {
            if (getItem() == PARTIAL) {
                List<Label> labels = new ArrayList<>();
                document.stable().forEach(word -> labels.add(label(word)));
                document.tentative().forEach(word -> {
                    Label label = label(word);
                    label.pseudoClassStateChanged(TENTATIVE, true);
                    labels.add(label);
                });
                Word first = (Word) (labels.isEmpty() ? null : labels.get(0).getUserData());
                time.setText(first == null ? "" : Figures.clock(first.start()));
                setAccessibleText(null);
                flow.getChildren().setAll(labels);
            }
        }

        private Label label(Word word) {
            Label label = new Label(word.text());
            label.setUserData(word);
            label.getStyleClass().add("word");
            label.setPadding(new Insets(0, 2, 0, 2));
            label.setOnMouseClicked(event -> {
                if (event.getButton() == MouseButton.PRIMARY && event.getClickCount() == 1) {
                    onWord.accept(word);
                }
            });
            return label;
        }

        private ContextMenu menu(Line line) {
            return new ContextMenu(
                    item("transcript.play", () -> onPlay.accept(line.segment().start())),
                    item("transcript.edit", () -> TranscriptPane.this.edit(getIndex())),
                    item("transcript.copy", () -> copy(line.segment().text())));
        }

        private MenuItem item(String key, Runnable action) {
            MenuItem item = new MenuItem(Strings.get(key));
            item.setOnAction(event -> action.run());
            return item;
        }

        void decorate() {
            if (getItem() == null || getItem() == PARTIAL) {
                return;
            }
            Match here = match >= 0 && matches.get(match).line() == getIndex() ? matches.get(match) : null;
            for (int i = 0; i < flow.getChildren().size(); i++) {
                int at = i;
                Label label = (Label) flow.getChildren().get(i);
                Word word = (Word) label.getUserData();
                label.pseudoClassStateChanged(DOUBTFUL, word.confidence() < doubtful);
                label.pseudoClassStateChanged(HEARD, lastHeard >= word.start() && lastHeard < word.end());
                label.pseudoClassStateChanged(MARKED, marked.test(word));
                label.pseudoClassStateChanged(
                        FOUND, matches.stream().anyMatch(m -> m.line() == getIndex() && at >= m.from() && at < m.to()));
                label.pseudoClassStateChanged(CURRENT, here != null && i >= here.from() && i < here.to());
            }
        }
    }
}
