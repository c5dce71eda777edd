package org.omniscribe.app.desktop.experts;

import java.io.File;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.function.DoubleConsumer;
import java.util.function.DoubleSupplier;
import javafx.animation.Animation;
import javafx.animation.Animation.Status;
import javafx.animation.KeyFrame;
import javafx.beans.property.ObjectProperty;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.collections.ListChangeListener;
import javafx.geometry.Pos;
import javafx.scene.control.ComboBox;
import javafx.scene.control.Label;
import javafx.scene.control.MenuButton;
import javafx.scene.control.MenuItem;
import javafx.scene.control.ScrollPane;
import javafx.scene.control.ToggleButton;
import javafx.scene.control.ToggleGroup;
import javafx.scene.control.Tooltip;
import javafx.scene.layout.FlowPane;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.StackPane;
import javafx.scene.layout.VBox;
import javafx.stage.FileChooser;
import javafx.util.Duration;
import javafx.util.StringConverter;
import org.kordamp.ikonli.feather.Feather;
import org.omniscribe.app.desktop.base.Desk;
import org.omniscribe.app.desktop.base.Figures;
import org.omniscribe.app.desktop.base.Icons;
import org.omniscribe.app.desktop.base.Notices;
import org.omniscribe.app.desktop.base.Settings;
import org.omniscribe.app.desktop.base.Strings;
import org.omniscribe.app.desktop.document.Document;
import org.omniscribe.app.desktop.timeline.Filter;
import org.omniscribe.app.desktop.timeline.Lanes;
import org.omniscribe.app.desktop.timeline.Palette;
import org.omniscribe.app.desktop.timeline.Timeline;
import org.omniscribe.app.desktop.timeline.TimelineExport;
import org.omniscribe.app.desktop.timeline.TimelineView;
import org.omniscribe.app.desktop.timeline.WordExperts;
import org.omniscribe.asr.io.AtomicFile;
import org.omniscribe.asr.transcript.Word;

/** The experts of the document that was shown last, live or from a file. */
public final class ExpertsView extends VBox {
    private static final int TOP_WORDS = 14;

    private final Desk desk;
    private final TimelineView grid = new TimelineView();
    private final Label source = new Label();
    private final FlowPane chips = new FlowPane(6, 6);
    private final ComboBox<Integer> layer = new ComboBox<>();
    private final ToggleButton follow = Icons.iconToggle(Feather.CHEVRONS_RIGHT, "experts.follow");
    private final UsageChart usage = new UsageChart();
    private final AgreementChart agreement = new AgreementChart();
    private final FlowPane topWords = new FlowPane(6, 6);
    private final Label topTitle = new Label();
    private final VBox topBox = new VBox(8);
    private final StackPane body = new StackPane();
    private final VBox content = new VBox(16);
    private final VBox empty = new VBox(12);
    private final ToggleGroup expert = new ToggleGroup();
    private final javafx.animation.Timeline charts =
            new javafx.animation.Timeline(new KeyFrame(Duration.millis(500), event -> refreshCharts()));
    private final ListChangeListener<Document.Line> growth = change -> showWords();
    private Document document;
    private long charted = -1;
    private Filter filter = Filter.NONE;

    /**
     * A view of the experts.
     *
     * @param documents the document to show
     * @param playhead the second that is heard
     * @param onPick told the second that is clicked on
     * @param filters gets what stands out, for the transcript to mark its words
     */
    public ExpertsView(
            Desk desk,
            ReadOnlyObjectProperty<Document> documents,
            DoubleSupplier playhead,
            DoubleConsumer onPick,
            ObjectProperty<Filter> filters) {
        this.desk = desk;
        getStyleClass().add("page");
        topBox.getChildren().addAll(topTitle, topWords);
        topTitle.getStyleClass().add("section-title");
        VBox usageBox = section("experts.usage", usage);
        VBox agreementBox = section("experts.agreement", agreement);
        HBox.setHgrow(usageBox, Priority.ALWAYS);
        HBox panels = new HBox(40, usageBox, agreementBox);
        content.getChildren().addAll(filterBar(), grid, topBox, panels);
        content.getStyleClass().add("experts");
        ScrollPane scroll = new ScrollPane(content);
        scroll.setFitToWidth(true);
        scroll.getStyleClass().add("plain");
        Label emptyTitle = new Label(Strings.get("experts.empty"));
        emptyTitle.getStyleClass().add("empty-title");
        Label emptyHint = new Label(Strings.get("experts.empty.hint"));
        emptyHint.getStyleClass().add("empty-hint");
        emptyHint.setWrapText(true);
        empty.getChildren().addAll(Icons.of(Feather.GRID, 40), emptyTitle, emptyHint);
        empty.setAlignment(Pos.CENTER);
        empty.getStyleClass().add("empty");
        body.getChildren().addAll(scroll, empty);
        VBox.setVgrow(body, Priority.ALWAYS);
        getChildren().addAll(header(), body);

        grid.setPlayhead(playhead);
        grid.setOnPick(onPick);
        follow.selectedProperty().addListener((o, was, is) -> grid.viewport().follow(is));
        grid.viewport().listen(() -> follow.setSelected(grid.viewport().following()));
        expert.selectedToggleProperty().addListener((o, was, is) -> changeFilter(filters));
        layer.valueProperty().addListener((o, was, is) -> changeFilter(filters));
        apply(desk.settings().get());
        desk.settings().listen(this::apply);
        charts.setCycleCount(Animation.INDEFINITE);
        sceneProperty().addListener((o, was, is) -> {
            if (is == null) {
                charts.stop();
            } else if (charts.getStatus() != Status.RUNNING) {
                refreshCharts();
                charts.play();
            }
        });
        documents.addListener((o, was, is) -> show(is));
        show(documents.get());
    }

    private HBox header() {
        Label title = new Label(Strings.get("experts.title"));
        title.getStyleClass().add("page-title");
        source.getStyleClass().add("faint");
        Region gap = new Region();
        HBox.setHgrow(gap, Priority.ALWAYS);
        MenuButton export = new MenuButton(Strings.get("experts.export"), Icons.of(Feather.SHARE));
        export.getItems()
                .addAll(
                        item("experts.export.png", () -> export("png")),
                        item("experts.export.svg", () -> export("svg")),
                        item("experts.export.csv", () -> export("csv")));
        HBox header = new HBox(
                10,
                title,
                source,
                gap,
                follow,
                Icons.iconButton(Feather.ZOOM_OUT, "timeline.zoomOut", grid::zoomOut),
                Icons.iconButton(Feather.ZOOM_IN, "timeline.zoomIn", grid::zoomIn),
                Icons.iconButton(Feather.MAXIMIZE_2, "timeline.all", grid.viewport()::showAll),
                export);
        header.setAlignment(Pos.CENTER_LEFT);
        header.getStyleClass().add("page-header");
        return header;
    }

    private HBox filterBar() {
        Label show = new Label(Strings.get("experts.filter"));
        show.getStyleClass().add("faint");
        layer.setAccessibleText(Strings.get("experts.filter.layer"));
        layer.setConverter(new StringConverter<>() {
            @Override
            public String toString(Integer value) {
                return value == null || value < 0
                        ? Strings.get("experts.filter.allLayers")
                        : Strings.get("experts.filter.oneLayer", value + 1);
            }

            @Override
            public Integer fromString(String text) {
                return -1;
            }
        });
        chips.setAlignment(Pos.CENTER_LEFT);
        HBox.setHgrow(chips, Priority.ALWAYS);
        HBox filterBar = new HBox(12, show, chips, layer);
        filterBar.setAlignment(Pos.CENTER_LEFT);
        filterBar.getStyleClass().add("filter-bar");
        return filterBar;
    }

    private static MenuItem item(String key, Runnable action) {
        MenuItem item = new MenuItem(Strings.get(key));
        item.setOnAction(event -> action.run());
        return item;
    }

    private static VBox section(String key, Region chart) {
        Label title = new Label(Strings.get(key));
        title.getStyleClass().add("section-title");
        Label hint = new Label(Strings.get(key + ".hint"));
        hint.getStyleClass().add("faint");
        hint.setWrapText(true);
        hint.setMaxWidth(420);
        VBox box = new VBox(8, title, hint, chart);
        box.setMinWidth(0);
        return box;
    }

    private void apply(Settings settings) {
        grid.setTheme(settings.theme());
        grid.setDoubtful(settings.doubtful());
    }

    private void show(Document next) {
        if (document != null) {
            document.lines().removeListener(growth);
        }
        document = next;
        boolean there = next != null && next.timeline().layers() > 0;
        empty.setVisible(!there);
        content.setVisible(there);
        charted = -1;
        if (!there) {
            source.setText("");
            return;
        }
        Timeline timeline = next.timeline();
        source.setText(next.title());
        next.lines().addListener(growth);
        grid.setTimeline(timeline);
        grid.setLanes(Lanes.all(timeline.layers()));
        grid.viewport().begin(next.recording() ? 0 : timeline.seconds());
        grid.viewport().follow(next.recording());
        expert.getToggles().clear();
        chips.getChildren().clear();
        for (int e = 0; e < timeline.mostExperts(); e++) {
            chips.getChildren().add(chip(e));
        }
        layer.getItems().setAll(-1);
        for (int l = 0; l < timeline.layers(); l++) {
            layer.getItems().add(l);
        }
        layer.setValue(-1);
        showWords();
        refreshCharts();
    }

    private ToggleButton chip(int number) {
        ToggleButton chip = new ToggleButton(Integer.toString(number + 1));
        String name = Strings.get("experts.filter.expert", number + 1);
        chip.setUserData(number);
        chip.setAccessibleText(name);
        chip.setTooltip(new Tooltip(name));
        chip.setToggleGroup(expert);
        chip.getStyleClass().add("chip");
        chip.setStyle(String.format(
                Locale.ROOT,
                "-chip: %s; -chip-ink: #%06x;",
                Palette.hex(number),
                Palette.inkOn(Palette.of(number)) & 0xffffff));
        return chip;
    }

    private void changeFilter(ObjectProperty<Filter> filters) {
        int number = expert.getSelectedToggle() == null
                ? -1
                : (Integer) expert.getSelectedToggle().getUserData();
        filter = number < 0 ? Filter.NONE : new Filter(number, layer.getValue() == null ? -1 : layer.getValue());
        grid.setFilter(filter);
        filters.set(filter);
        showTopWords();
    }

    private void showWords() {
        grid.setWords(document.words());
        showTopWords();
    }

    private void showTopWords() {
        boolean active = filter.active() && document != null;
        topBox.setVisible(active);
        topBox.setManaged(active);
        topWords.getChildren().clear();
        if (!active) {
            return;
        }
        topTitle.setText(Strings.get("experts.top", filter.expert() + 1));
        List<WordExperts.Share> shares = WordExperts.top(document.timeline(), document.words(), filter, TOP_WORDS);
        for (WordExperts.Share share : shares) {
            Word word = share.word();
            Label label = new Label(word.text() + "  " + Figures.percent(share.share()));
            label.getStyleClass().add("top-word");
            label.setOnMouseClicked(event -> grid.viewport().reveal(word.start()));
            topWords.getChildren().add(label);
        }
    }

    private void refreshCharts() {
        if (document == null || document.timeline().steps() == charted || !isVisible()) {
            return;
        }
        charted = document.timeline().steps();
        usage.show(document.timeline());
        agreement.show(document.timeline());
    }

    private void export(String kind) {
        if (document == null || document.timeline().layers() == 0) {
            return;
        }
        FileChooser chooser = new FileChooser();
        chooser.setTitle(Strings.get("experts.export"));
        chooser.getExtensionFilters()
                .add(new FileChooser.ExtensionFilter(Strings.get("experts.export." + kind), "*." + kind));
        String name = document.title();
        int dot = name.lastIndexOf('.');
        chooser.setInitialFileName((dot > 0 ? name.substring(0, dot) : name) + "-experts." + kind);
        File chosen = chooser.showSaveDialog(getScene().getWindow());
        if (chosen != null) {
            export(kind, chosen.toPath());
        }
    }

    /** Writes what is shown, or all numbers, to a file. */
    void export(String kind, Path file) {
        Timeline timeline = document.timeline();
        List<Word> words = document.words();
        byte[] png = kind.equals("png") ? TimelineExport.png(grid) : null;
        String svg = kind.equals("svg") ? TimelineExport.svg(grid) : null;
        desk.inBackground(
                () -> {
                    if (png != null) {
                        AtomicFile.writeBytes(file, png);
                    } else if (svg != null) {
                        AtomicFile.write(file, out -> out.write(svg));
                    } else {
                        AtomicFile.write(file, out -> TimelineExport.csv(timeline, words, out));
                    }
                    return file;
                },
                done -> desk.notices()
                        .tell(
                                Notices.Kind.INFORMATION,
                                Strings.get("export.done", done),
                                Strings.get("folder.show"),
                                () -> desk.showInFolder(done)),
                desk::fail);
    }
}
