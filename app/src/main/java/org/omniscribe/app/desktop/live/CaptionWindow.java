package org.omniscribe.app.desktop.live;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javafx.collections.ListChangeListener;
import javafx.geometry.Pos;
import javafx.geometry.Rectangle2D;
import javafx.scene.Scene;
import javafx.scene.input.KeyCode;
import javafx.scene.input.MouseEvent;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Region;
import javafx.scene.layout.StackPane;
import javafx.scene.paint.Color;
import javafx.scene.shape.Rectangle;
import javafx.scene.text.Text;
import javafx.scene.text.TextFlow;
import javafx.stage.Screen;
import javafx.stage.Stage;
import javafx.stage.StageStyle;
import org.kordamp.ikonli.feather.Feather;
import org.omniscribe.app.desktop.base.Desk;
import org.omniscribe.app.desktop.base.Fonts;
import org.omniscribe.app.desktop.base.Icons;
import org.omniscribe.app.desktop.base.Strings;
import org.omniscribe.app.desktop.document.Document;
import org.omniscribe.asr.transcript.Word;

/** The last words in large letters, in a window that stays above all others, for meetings and talks. */
public final class CaptionWindow {
    private static final double MARGIN = 48;
    private static final double WIDTH = 980;
    private static final double LINES = 3.2;
    /** Words of lines that are over, which stay in sight above those that are spoken. */
    private static final int EARLIER_WORDS = 24;

    private static final int STEP = 2;

    private final Desk desk;
    private final Stage stage = new Stage(StageStyle.TRANSPARENT);
    private final Text earlier = new Text();
    private final Text stable = new Text();
    private final Text tentative = new Text();
    private final TextFlow flow = new TextFlow(earlier, stable, tentative);
    private final StackPane root = new StackPane();
    private final ListChangeListener<Document.Line> growth = change -> showWords();
    private final Runnable onClosed;
    private Document document;
    private double grabX;
    private double grabY;

    /**
     * A window that is not shown yet.
     *
     * @param onClosed told when the user closes it
     */
    public CaptionWindow(Desk desk, Runnable onClosed) {
        this.desk = desk;
        this.onClosed = onClosed;
        root.getStyleClass().add("captions");
        earlier.getStyleClass().add("caption-earlier");
        stable.getStyleClass().add("caption-stable");
        tentative.getStyleClass().add("caption-tentative");
        flow.setMinHeight(Region.USE_PREF_SIZE);
        StackPane page = new StackPane(flow);
        page.setAlignment(Pos.BOTTOM_LEFT);
        page.setMinHeight(0);
        Rectangle clip = new Rectangle();
        clip.widthProperty().bind(page.widthProperty());
        clip.heightProperty().bind(page.heightProperty());
        page.setClip(clip);
        HBox buttons = new HBox(
                2,
                Icons.iconButton(Feather.MINUS, "captions.smaller", () -> resize(-STEP)),
                Icons.iconButton(Feather.PLUS, "captions.larger", () -> resize(STEP)),
                Icons.iconButton(Feather.X, "captions.close", this::close));
        buttons.setAlignment(Pos.TOP_RIGHT);
        buttons.setMaxSize(Region.USE_PREF_SIZE, Region.USE_PREF_SIZE);
        buttons.visibleProperty().bind(root.hoverProperty());
        StackPane.setAlignment(buttons, Pos.TOP_RIGHT);
        root.getChildren().addAll(page, buttons);
        root.setOnMousePressed(this::grab);
        root.setOnMouseDragged(this::move);
        Scene scene = new Scene(root, Color.TRANSPARENT);
        scene.getStylesheets()
                .add(CaptionWindow.class
                        .getResource("/org/omniscribe/app/desktop/desktop.css")
                        .toExternalForm());
        scene.setOnKeyPressed(event -> {
            if (event.getCode() == KeyCode.ESCAPE) {
                close();
            }
        });
        stage.setScene(scene);
        stage.setAlwaysOnTop(true);
        stage.setTitle(Strings.get("captions.title"));
        Rectangle2D screen = Screen.getPrimary().getVisualBounds();
        stage.setWidth(Math.min(WIDTH, screen.getWidth() - 2 * MARGIN));
        stage.setX(screen.getMinX() + (screen.getWidth() - stage.getWidth()) / 2);
        setSize(desk.settings().get().captionSize());
        stage.setY(screen.getMaxY() - stage.getHeight() - MARGIN);
    }

    /** Shows or hides it. */
    public void setShown(boolean value) {
        if (value) {
            stage.show();
        } else {
            stage.hide();
        }
    }

    /** Shows the end of another document. */
    public void show(Document next) {
        if (document != null) {
            document.lines().removeListener(growth);
        }
        document = next;
        if (next != null) {
            next.lines().addListener(growth);
        }
        showWords();
    }

    /** Words have been spoken, or those that may still change have changed. */
    public void showWords() {
        stable.setText(document == null ? "" : text(document.stable()));
        tentative.setText(document == null ? "" : text(document.tentative()));
        List<Word> words = document == null ? List.of() : document.words();
        boolean nothing = words.isEmpty()
                && stable.getText().isEmpty()
                && tentative.getText().isEmpty();
        earlier.setText(
                nothing
                        ? Strings.get("captions.empty")
                        : text(words.subList(Math.max(0, words.size() - EARLIER_WORDS), words.size())));
    }

    private static String text(List<Word> words) {
        return Stream.concat(words.stream().map(Word::text), words.isEmpty() ? Stream.empty() : Stream.of(""))
                .collect(Collectors.joining(" "));
    }

    private void resize(int by) {
        desk.settings().change(settings -> settings.withCaptionSize(settings.captionSize() + by));
        setSize(desk.settings().get().captionSize());
    }

    private void setSize(int pixels) {
        root.setStyle("-fx-font-family: \"" + Fonts.FAMILY + "\"; -fx-font-size: " + pixels + "px;");
        stage.setHeight(LINES * pixels * 1.35 + 40);
    }

    private void close() {
        stage.hide();
        onClosed.run();
    }

    private void grab(MouseEvent event) {
        grabX = event.getScreenX() - stage.getX();
        grabY = event.getScreenY() - stage.getY();
    }

    private void move(MouseEvent event) {
        stage.setX(event.getScreenX() - grabX);
        stage.setY(event.getScreenY() - grabY);
    }
}
