package org.omniscribe.app.desktop.settings;

import java.io.File;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import javafx.geometry.Pos;
import javafx.geometry.VPos;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.CheckBox;
import javafx.scene.control.Label;
import javafx.scene.control.ScrollPane;
import javafx.scene.control.Slider;
import javafx.scene.control.Spinner;
import javafx.scene.control.ToggleButton;
import javafx.scene.control.ToggleGroup;
import javafx.scene.layout.ColumnConstraints;
import javafx.scene.layout.FlowPane;
import javafx.scene.layout.GridPane;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;
import javafx.stage.DirectoryChooser;
import org.kordamp.ikonli.feather.Feather;
import org.omniscribe.app.desktop.base.Desk;
import org.omniscribe.app.desktop.base.Figures;
import org.omniscribe.app.desktop.base.Icons;
import org.omniscribe.app.desktop.base.Settings;
import org.omniscribe.app.desktop.base.Settings.Theme;
import org.omniscribe.app.desktop.base.Strings;
import org.omniscribe.asr.transcript.TranscriptFormat;

/** The settings on the screen; whatever is chosen holds at once. */
public final class SettingsView extends VBox {
    private final Desk desk;
    private final GridPane form = new GridPane();
    private final ToggleGroup themes = new ToggleGroup();
    private final Spinner<Integer> fontSize = new Spinner<>(Settings.MIN_TEXT_PIXELS, Settings.MAX_TEXT_PIXELS, 16);
    private final Spinner<Integer> captionSize = new Spinner<>(Settings.MIN_TEXT_PIXELS, Settings.MAX_TEXT_PIXELS, 30);
    private final Spinner<Integer> threads;
    private final Label folder = new Label();
    private int rows;

    /** A view of the settings. */
    public SettingsView(Desk desk) {
        this.desk = desk;
        getStyleClass().add("page");
        Label title = new Label(Strings.get("settings.title"));
        title.getStyleClass().add("page-title");
        HBox header = new HBox(title);
        header.setAlignment(Pos.CENTER_LEFT);
        header.getStyleClass().add("page-header");
        threads = new Spinner<>(0, Runtime.getRuntime().availableProcessors(), 0);
        form.setHgap(28);
        form.setVgap(20);
        form.getStyleClass().add("details");
        ColumnConstraints names = new ColumnConstraints(260);
        ColumnConstraints values = new ColumnConstraints();
        values.setHgrow(Priority.ALWAYS);
        form.getColumnConstraints().setAll(names, values);

        heading("settings.look");
        row("settings.theme", themes());
        row("settings.fontSize", fontSize);
        row("settings.captionSize", captionSize);
        row("settings.doubtful", doubtful());
        heading("settings.files");
        row("settings.formats", formats());
        row("settings.folder", folder());
        heading("settings.work");
        row("settings.threads", threads);

        ScrollPane scroll = new ScrollPane(form);
        scroll.setFitToWidth(true);
        scroll.getStyleClass().add("plain");
        VBox.setVgrow(scroll, Priority.ALWAYS);
        getChildren().addAll(header, scroll);

        show(desk.settings().get());
        fontSize.valueProperty().addListener((o, was, is) -> desk.settings().change(s -> s.withFontSize(is)));
        captionSize.valueProperty().addListener((o, was, is) -> desk.settings().change(s -> s.withCaptionSize(is)));
        threads.valueProperty().addListener((o, was, is) -> desk.settings().change(s -> s.withThreads(is)));
        desk.settings().listen(this::show);
    }

    private void heading(String key) {
        Label heading = new Label(Strings.get(key));
        heading.getStyleClass().add("section-title");
        form.add(heading, 0, rows++, 2, 1);
    }

    private void row(String key, Node control) {
        Label name = new Label(Strings.get(key));
        name.setLabelFor(control);
        Label hint = new Label(Strings.get(key + ".hint"));
        hint.getStyleClass().add("faint");
        hint.setWrapText(true);
        VBox text = new VBox(2, name, hint);
        GridPane.setValignment(text, VPos.TOP);
        GridPane.setValignment(control, VPos.TOP);
        if (control.getAccessibleText() == null) {
            control.setAccessibleText(name.getText());
        }
        form.add(text, 0, rows);
        form.add(control, 1, rows++);
    }

    private Node themes() {
        HBox box = new HBox();
        box.getStyleClass().add("segments");
        for (Theme theme : Theme.values()) {
            ToggleButton button = new ToggleButton(
                    Strings.get("settings.theme." + theme.name().toLowerCase(Locale.ROOT)),
                    Icons.of(theme == Theme.LIGHT ? Feather.SUN : Feather.MOON));
            button.setUserData(theme);
            button.setToggleGroup(themes);
            button.setOnAction(event -> {
                button.setSelected(true);
                desk.settings().change(settings -> settings.withTheme(theme));
            });
            box.getChildren().add(button);
        }
        return box;
    }

    private Node doubtful() {
        Slider slider = new Slider(0, 1, desk.settings().get().doubtful());
        slider.setBlockIncrement(0.05);
        slider.setAccessibleText(Strings.get("settings.doubtful"));
        slider.setMaxWidth(220);
        Label value = new Label(Figures.percent(slider.getValue()));
        value.getStyleClass().add("figures");
        slider.valueProperty().addListener((o, was, is) -> {
            double rounded = Math.round(20 * is.doubleValue()) / 20.0;
            value.setText(Figures.percent(rounded));
            desk.settings().change(settings -> settings.withDoubtful(rounded));
        });
        HBox box = new HBox(12, slider, value);
        box.setAlignment(Pos.CENTER_LEFT);
        return box;
    }

    private Node formats() {
        FlowPane box = new FlowPane(18, 8);
        for (TranscriptFormat format : TranscriptFormat.values()) {
            CheckBox check = new CheckBox(Strings.get("format." + format.extension()));
            check.setSelected(desk.settings().get().formats().contains(format));
            check.setOnAction(event -> desk.settings().change(settings -> {
                List<TranscriptFormat> formats = new ArrayList<>(settings.formats());
                formats.remove(format);
                if (check.isSelected()) {
                    formats.add(format);
                }
                return settings.withFormats(formats);
            }));
            box.getChildren().add(check);
        }
        return box;
    }

    private Node folder() {
        Button choose = Icons.button(Feather.FOLDER, "settings.folder.choose", () -> {
            DirectoryChooser chooser = new DirectoryChooser();
            chooser.setTitle(Strings.get("settings.folder"));
            File chosen = chooser.showDialog(getScene().getWindow());
            if (chosen != null) {
                desk.settings().change(settings -> settings.withOutputFolder(Optional.of(chosen.toPath())));
            }
        });
        Button beside = Icons.button(Feather.CORNER_DOWN_RIGHT, "settings.folder.beside", () -> desk.settings()
                .change(settings -> settings.withOutputFolder(Optional.empty())));
        folder.setMinWidth(0);
        folder.setMaxWidth(Region.USE_PREF_SIZE);
        VBox box = new VBox(8, folder, new HBox(8, choose, beside));
        return box;
    }

    private void show(Settings settings) {
        themes.getToggles().forEach(toggle -> toggle.setSelected(toggle.getUserData() == settings.theme()));
        fontSize.getValueFactory().setValue(settings.fontSize());
        captionSize.getValueFactory().setValue(settings.captionSize());
        threads.getValueFactory()
                .setValue(Math.min(settings.threads(), Runtime.getRuntime().availableProcessors()));
        folder.setText(
                settings.outputFolder().map(Object::toString).orElseGet(() -> Strings.get("settings.folder.isBeside")));
    }
}
