package org.omniscribe.app.desktop;

import java.io.File;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import javafx.beans.property.ObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.beans.property.SimpleObjectProperty;
import javafx.collections.ListChangeListener;
import javafx.css.PseudoClass;
import javafx.geometry.Pos;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.control.ToggleButton;
import javafx.scene.control.ToggleGroup;
import javafx.scene.control.Tooltip;
import javafx.scene.input.KeyCode;
import javafx.scene.input.KeyEvent;
import javafx.scene.input.TransferMode;
import javafx.scene.layout.BorderPane;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.StackPane;
import javafx.scene.layout.VBox;
import org.kordamp.ikonli.feather.Feather;
import org.kordamp.ikonli.javafx.FontIcon;
import org.omniscribe.app.desktop.base.Desk;
import org.omniscribe.app.desktop.base.Fonts;
import org.omniscribe.app.desktop.base.Icons;
import org.omniscribe.app.desktop.base.Notices.Notice;
import org.omniscribe.app.desktop.base.Settings;
import org.omniscribe.app.desktop.base.Settings.Theme;
import org.omniscribe.app.desktop.base.Strings;
import org.omniscribe.app.desktop.benchmarks.BenchmarksView;
import org.omniscribe.app.desktop.document.Document;
import org.omniscribe.app.desktop.document.DocumentLoader;
import org.omniscribe.app.desktop.document.DocumentPane;
import org.omniscribe.app.desktop.document.TranscriptFile;
import org.omniscribe.app.desktop.experts.ExpertsView;
import org.omniscribe.app.desktop.files.FilesModel;
import org.omniscribe.app.desktop.files.FilesView;
import org.omniscribe.app.desktop.files.QueueItem;
import org.omniscribe.app.desktop.live.LiveModel;
import org.omniscribe.app.desktop.live.LiveView;
import org.omniscribe.app.desktop.models.ModelsModel;
import org.omniscribe.app.desktop.models.ModelsView;
import org.omniscribe.app.desktop.settings.SettingsView;
import org.omniscribe.app.desktop.sound.SoundOutput;
import org.omniscribe.app.desktop.timeline.Filter;
import org.omniscribe.app.desktop.timeline.Lanes;
import org.omniscribe.app.desktop.timeline.Timeline;
import org.omniscribe.app.desktop.timeline.WordExperts;
import org.omniscribe.asr.transcript.Transcript;

/** The window's content: the pages, the way between them, and what is told above them. */
public final class MainWindow extends StackPane {
    /** The style sheet of everything. */
    static final String STYLES = "/org/omniscribe/app/desktop/desktop.css";

    private static final PseudoClass DARK = PseudoClass.getPseudoClass("dark");

    private final Desk desk;
    private final LiveModel live;
    private final FilesModel files;
    private final ModelsModel models;
    private final LiveView liveView;
    private final FilesView filesView;
    private final DocumentPane viewer;
    private final VBox viewerPage;
    private final Label viewerTitle = new Label();
    private final Label viewerSaved = new Label();
    private final BenchmarksView benchmarks;
    private final StackPane filesPage = new StackPane();
    private final Map<Page, Node> pages = new EnumMap<>(Page.class);
    private final Map<Page, ToggleButton> navigation = new EnumMap<>(Page.class);
    private final ToggleGroup group = new ToggleGroup();
    private final StackPane body = new StackPane();
    private final VBox noticeBox = new VBox(6);
    private final ShortcutSheet sheet = new ShortcutSheet();
    private final Button theme;
    private final ReadOnlyObjectWrapper<Document> current = new ReadOnlyObjectWrapper<>();
    private final ObjectProperty<Filter> filter = new SimpleObjectProperty<>(Filter.NONE);
    private Page page = Page.LIVE;
    private QueueItem opened;

    /**
     * The window's content.
     *
     * @param output where sound is played
     */
    public MainWindow(Desk desk, SoundOutput output) {
        this.desk = desk;
        live = new LiveModel(desk);
        files = new FilesModel(desk);
        models = new ModelsModel(desk);
        getStyleClass().add("window");
        setStyle("-fx-font-family: \"" + Fonts.FAMILY + "\";");
        liveView = new LiveView(desk, live, output);
        filesView = new FilesView(desk, files, this::open);
        viewer = new DocumentPane(desk, output);
        viewerPage = buildViewer();
        benchmarks = new BenchmarksView(desk);
        filesPage.getChildren().setAll(filesView);
        pages.put(Page.LIVE, liveView);
        pages.put(Page.FILES, filesPage);
        pages.put(Page.EXPERTS, new ExpertsView(desk, current.getReadOnlyProperty(), this::heard, this::seek, filter));
        pages.put(Page.MODELS, new ModelsView(desk, models));
        pages.put(Page.BENCHMARKS, benchmarks);
        pages.put(Page.SETTINGS, new SettingsView(desk));

        theme = Icons.iconButton(Feather.MOON, "theme.dark", this::toggleTheme);
        VBox main = new VBox(noticeBox, body);
        noticeBox.getStyleClass().add("notices");
        VBox.setVgrow(body, Priority.ALWAYS);
        BorderPane layout = new BorderPane(main);
        layout.setLeft(buildNavigation());
        getChildren().addAll(layout, sheet);

        live.document().addListener((o, was, is) -> {
            if (is != null) {
                current.set(is);
            }
        });
        filter.addListener((o, was, is) -> mark(is));
        current.addListener((o, was, is) -> mark(filter.get()));
        desk.notices().all().addListener((ListChangeListener<Notice>) change -> showNotices());
        desk.settings().listen(this::apply);
        desk.settings().warning().ifPresent(desk::fail);
        apply(desk.settings().get());
        addEventFilter(KeyEvent.KEY_PRESSED, this::key);
        acceptFiles();
        show(Page.LIVE);
        live.findMicrophones();
        live.findSessions();
        models.find();
    }

    private VBox buildNavigation() {
        Label name = new Label(Strings.get("window.title"));
        name.getStyleClass().add("brand");
        VBox bar = new VBox(2, name);
        bar.getStyleClass().add("navigation");
        for (Page target : Page.values()) {
            if (target == Page.SETTINGS) {
                Region gap = new Region();
                VBox.setVgrow(gap, Priority.ALWAYS);
                bar.getChildren().add(gap);
            }
            ToggleButton button = new ToggleButton(target.title(), Icons.of(target.icon(), 18));
            button.setToggleGroup(group);
            button.setMaxWidth(Double.MAX_VALUE);
            button.setTooltip(new Tooltip(target.title() + "  "
                    + Shortcut.valueOf(target.name()).keys().getDisplayText()));
            button.setOnAction(event -> show(target));
            navigation.put(target, button);
            bar.getChildren().add(button);
        }
        Button help = Icons.iconButton(Feather.COMMAND, "shortcuts.title", () -> sheet.setVisible(true));
        HBox foot = new HBox(4, theme, help);
        foot.getStyleClass().add("navigation-foot");
        bar.getChildren().add(foot);
        return bar;
    }

    private VBox buildViewer() {
        viewerTitle.getStyleClass().add("page-title");
        viewerSaved.getStyleClass().add("faint");
        Region gap = new Region();
        HBox.setHgrow(gap, Priority.ALWAYS);
        HBox header = new HBox(
                10,
                Icons.iconButton(Feather.ARROW_LEFT, "viewer.back", this::closeViewer),
                viewerTitle,
                viewerSaved,
                gap,
                Icons.iconButton(Feather.SEARCH, "find.open", () -> viewer.setFinding(!viewer.finding())),
                Icons.iconButton(Feather.GRID, "viewer.experts", () -> show(Page.EXPERTS)),
                Icons.iconButton(Feather.SHARE, "export.open", viewer::export));
        header.setAlignment(Pos.CENTER_LEFT);
        header.getStyleClass().add("page-header");
        viewer.text().setEmptyText(Strings.get("viewer.silent"), Strings.get("viewer.silent.hint"));
        viewer.setOnChanged(this::saveEdits);
        VBox.setVgrow(viewer, Priority.ALWAYS);
        VBox box = new VBox(header, viewer);
        box.getStyleClass().add("page");
        return box;
    }

    private void acceptFiles() {
        setOnDragOver(event -> {
            if (event.getDragboard().hasFiles()) {
                event.acceptTransferModes(TransferMode.COPY);
                event.consume();
            }
        });
        setOnDragDropped(event -> {
            if (event.getDragboard().hasFiles()) {
                add(event.getDragboard().getFiles().stream().map(File::toPath).toList());
                event.setDropCompleted(true);
                event.consume();
            }
        });
    }

    /** Puts recordings and folders into the queue, and shows it. */
    public void add(List<Path> paths) {
        closeViewer();
        show(Page.FILES);
        files.add(paths);
    }

    /** The recording model. */
    public LiveModel live() {
        return live;
    }

    /** The queue. */
    public FilesModel files() {
        return files;
    }

    /** Shows a page. */
    void show(Page target) {
        page = target;
        navigation.get(target).setSelected(true);
        body.getChildren().setAll(pages.get(target));
        if (target == Page.LIVE && live.document().get() != null) {
            current.set(live.document().get());
        }
    }

    /** The page that is shown. */
    Page page() {
        return page;
    }

    private record Read(Transcript transcript, Timeline timeline) {}

    private void open(QueueItem item) {
        Optional<Path> json = item.result();
        if (json.isEmpty()) {
            return;
        }
        desk.inBackground(
                () -> {
                    Transcript transcript = TranscriptFile.read(json.get());
                    return new Read(transcript, DocumentLoader.timeline(transcript));
                },
                read -> {
                    opened = item;
                    Document document = DocumentLoader.open(
                            desk, read.transcript(), read.timeline(), item.recording(), () -> soundReady(item));
                    viewer.show(document);
                    viewer.timeline().setLanes(Lanes.compact(document.timeline().layers()));
                    viewerTitle.setText(document.title());
                    showSaved();
                    filesPage.getChildren().setAll(viewerPage);
                    current.set(document);
                },
                desk::fail);
    }

    private void soundReady(QueueItem item) {
        if (opened == item) {
            viewer.openSound();
        }
    }

    private void showSaved() {
        List<String> names = opened.outputs().stream()
                .map(file -> file.getFileName().toString())
                .toList();
        viewerSaved.setText(names.isEmpty() ? "" : Strings.get("files.saved", String.join(", ", names)));
    }

    /** Corrections go to the files that were written for the recording. */
    private void saveEdits() {
        opened.result().ifPresent(json -> viewer.write(json, () -> {}));
        for (Path output : opened.outputs()) {
            viewer.write(output, this::showSaved);
        }
    }

    private void closeViewer() {
        viewer.player().pause();
        filesPage.getChildren().setAll(filesView);
    }

    private boolean viewing() {
        return filesPage.getChildren().contains(viewerPage);
    }

    /** The pane of the current document. */
    private DocumentPane pane() {
        return current.get() != null
                        && viewer.document().filter(d -> d == current.get()).isPresent()
                ? viewer
                : liveView.pane();
    }

    private double heard() {
        DocumentPane pane = pane();
        return pane.player().ready() ? pane.player().position() : Double.NaN;
    }

    private void seek(double second) {
        pane().player().seek(second);
    }

    private void mark(Filter value) {
        Document document = current.get();
        double usual = document == null || !value.active() ? 0 : WordExperts.usual(document.timeline(), value);
        pane().text()
                .setMarked(word -> value.active()
                        && WordExperts.standsOut(WordExperts.share(document.timeline(), word, value), usual));
        pane().timeline().setFilter(value);
    }

    private void toggleTheme() {
        desk.settings()
                .change(settings -> settings.withTheme(settings.theme() == Theme.DARK ? Theme.LIGHT : Theme.DARK));
    }

    private void apply(Settings settings) {
        boolean dark = settings.theme() == Theme.DARK;
        pseudoClassStateChanged(DARK, dark);
        Icons.change(theme, dark ? Feather.SUN : Feather.MOON, dark ? "theme.light" : "theme.dark");
    }

    private void showNotices() {
        noticeBox
                .getChildren()
                .setAll(desk.notices().all().stream().map(this::bar).toList());
    }

    private HBox bar(Notice notice) {
        FontIcon icon = Icons.of(
                switch (notice.kind()) {
                    case INFORMATION -> Feather.INFO;
                    case WARNING -> Feather.ALERT_CIRCLE;
                    case FAILURE -> Feather.ALERT_TRIANGLE;
                },
                18);
        Label text = new Label(notice.text());
        text.setWrapText(true);
        HBox.setHgrow(text, Priority.ALWAYS);
        text.setMaxWidth(Double.MAX_VALUE);
        HBox bar = new HBox(12, icon, text);
        notice.action().ifPresent(action -> {
            Button button = new Button(action.name());
            button.setMinWidth(Region.USE_PREF_SIZE);
            button.setOnAction(event -> {
                desk.notices().dismiss(notice);
                action.task().run();
            });
            bar.getChildren().add(button);
        });
        bar.getChildren().add(Icons.iconButton(Feather.X, "notice.dismiss", () -> desk.notices()
                .dismiss(notice)));
        bar.setAlignment(Pos.CENTER_LEFT);
        bar.getStyleClass().addAll("notice", "notice-" + notice.kind().name().toLowerCase(Locale.ROOT));
        return bar;
    }

    private void key(KeyEvent event) {
        if (event.getCode() == KeyCode.ESCAPE && sheet.isVisible()) {
            sheet.setVisible(false);
            event.consume();
            return;
        }
        for (Shortcut shortcut : Shortcut.values()) {
            if (shortcut.keys().match(event)) {
                if (run(shortcut)) {
                    event.consume();
                }
                return;
            }
        }
    }

    private boolean run(Shortcut shortcut) {
        DocumentPane pane = page == Page.FILES && viewing() ? viewer : page == Page.LIVE ? liveView.pane() : pane();
        switch (shortcut) {
            case LIVE, FILES, EXPERTS, MODELS, BENCHMARKS, SETTINGS -> show(Page.valueOf(shortcut.name()));
            case RECORD -> {
                show(Page.LIVE);
                liveView.toggle();
            }
            case PAUSE -> liveView.togglePause();
            case CAPTIONS -> liveView.toggleCaptions();
            case ADD -> {
                closeViewer();
                show(Page.FILES);
                filesView.chooseFiles();
            }
            case PLAY -> pane.player().toggle();
            case BACK -> pane.skip(-5);
            case FORWARD -> pane.skip(5);
            case FIND -> pane.setFinding(true);
            case EXPORT -> pane.export();
            case UNDO -> {
                // A text field has an undo of its own.
                return false;
            }
            case LARGER -> resize(1);
            case SMALLER -> resize(-1);
            case THEME -> toggleTheme();
            case HELP -> sheet.setVisible(!sheet.isVisible());
        }
        return true;
    }

    private void resize(int by) {
        desk.settings().change(settings -> settings.withFontSize(settings.fontSize() + by));
    }

    /** The style sheet's address. */
    static String styles() {
        return MainWindow.class.getResource(STYLES).toExternalForm();
    }
}
