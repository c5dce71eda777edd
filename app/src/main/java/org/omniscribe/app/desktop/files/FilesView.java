package org.omniscribe.app.desktop.files;

import java.io.File;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import javafx.beans.binding.Bindings;
import javafx.beans.value.ChangeListener;
import javafx.collections.ListChangeListener;
import javafx.css.PseudoClass;
import javafx.geometry.Pos;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.control.ListCell;
import javafx.scene.control.ListView;
import javafx.scene.control.ProgressBar;
import javafx.scene.input.DragEvent;
import javafx.scene.input.KeyCode;
import javafx.scene.input.TransferMode;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.StackPane;
import javafx.scene.layout.VBox;
import javafx.stage.DirectoryChooser;
import javafx.stage.FileChooser;
import org.kordamp.ikonli.feather.Feather;
import org.kordamp.ikonli.javafx.FontIcon;
import org.omniscribe.app.desktop.base.Desk;
import org.omniscribe.app.desktop.base.Figures;
import org.omniscribe.app.desktop.base.Icons;
import org.omniscribe.app.desktop.base.Strings;
import org.omniscribe.app.desktop.files.QueueItem.State;

/** The queue on the screen. */
public final class FilesView extends VBox {
    private static final PseudoClass OVER = PseudoClass.getPseudoClass("over");

    private final Desk desk;
    private final FilesModel model;
    private final Consumer<QueueItem> onOpen;
    private final ListView<QueueItem> list = new ListView<>();
    private final VBox dropHere = new VBox(12);
    private final Label summary = new Label();
    private final Button pause;
    private final Button cancel;

    /**
     * A view of a queue.
     *
     * @param onOpen shows the transcript of a recording that is done
     */
    public FilesView(Desk desk, FilesModel model, Consumer<QueueItem> onOpen) {
        this.desk = desk;
        this.model = model;
        this.onOpen = onOpen;
        getStyleClass().add("page");

        list.getStyleClass().add("queue");
        list.setItems(model.items());
        list.setCellFactory(view -> new Cell());
        list.setAccessibleText(Strings.get("files.title"));
        list.setOnKeyPressed(event -> {
            QueueItem item = list.getSelectionModel().getSelectedItem();
            if (item != null && event.getCode() == KeyCode.ENTER && item.state() == State.DONE) {
                onOpen.accept(item);
            } else if (item != null && event.getCode() == KeyCode.DELETE) {
                model.remove(item);
            }
        });
        Label dropTitle = new Label(Strings.get("files.drop"));
        dropTitle.getStyleClass().add("empty-title");
        Label dropHint = new Label(Strings.get("files.drop.hint"));
        dropHint.getStyleClass().add("empty-hint");
        dropHint.setWrapText(true);
        dropHere.getChildren().addAll(Icons.of(Feather.DOWNLOAD, 40), dropTitle, dropHint);
        dropHere.setAlignment(Pos.CENTER);
        dropHere.getStyleClass().addAll("drop", "empty");
        StackPane middle = new StackPane(list, dropHere);
        VBox.setVgrow(middle, Priority.ALWAYS);

        pause = Icons.button(
                Feather.PAUSE,
                "files.pause",
                () -> model.setPaused(!model.paused().get()));
        cancel = Icons.button(Feather.X, "files.cancel", model::cancelAll);
        getChildren().addAll(header(), middle, footer());

        model.items().addListener((ListChangeListener<QueueItem>) change -> showEmpty());
        model.paused().addListener((o, was, is) -> showButtons());
        model.busy().addListener((o, was, is) -> showButtons());
        showEmpty();
        showButtons();
        accept(this);
    }

    private HBox header() {
        Label title = new Label(Strings.get("files.title"));
        title.getStyleClass().add("page-title");
        Region gap = new Region();
        HBox.setHgrow(gap, Priority.ALWAYS);
        Button add = Icons.button(Feather.FILE_PLUS, "files.add", this::chooseFiles);
        add.getStyleClass().add("primary");
        Button addFolder = Icons.button(Feather.FOLDER_PLUS, "files.addFolder", this::chooseFolder);
        HBox header = new HBox(10, title, gap, addFolder, add);
        header.setAlignment(Pos.CENTER_LEFT);
        header.getStyleClass().add("page-header");
        return header;
    }

    private HBox footer() {
        summary.getStyleClass().add("figures");
        summary.textProperty().bind(model.summary());
        Button clear = Icons.button(Feather.CHECK_SQUARE, "files.clear", model::clearEnded);
        Region footerGap = new Region();
        HBox.setHgrow(footerGap, Priority.ALWAYS);
        HBox footer = new HBox(10, summary, footerGap, clear, cancel, pause);
        footer.setAlignment(Pos.CENTER_LEFT);
        footer.getStyleClass().add("page-footer");
        footer.visibleProperty().bind(Bindings.isNotEmpty(model.items()));
        footer.managedProperty().bind(footer.visibleProperty());
        return footer;
    }

    /** Lets recordings be dropped on a node. */
    public void accept(Region target) {
        target.setOnDragOver(event -> {
            if (event.getDragboard().hasFiles()) {
                event.acceptTransferModes(TransferMode.COPY);
                dropHere.pseudoClassStateChanged(OVER, true);
            }
            event.consume();
        });
        target.setOnDragExited(event -> dropHere.pseudoClassStateChanged(OVER, false));
        target.setOnDragDropped(this::dropped);
    }

    private void dropped(DragEvent event) {
        boolean files = event.getDragboard().hasFiles();
        if (files) {
            model.add(event.getDragboard().getFiles().stream().map(File::toPath).toList());
        }
        event.setDropCompleted(files);
        event.consume();
    }

    private void showEmpty() {
        dropHere.setVisible(model.items().isEmpty());
        list.setVisible(!model.items().isEmpty());
    }

    private void showButtons() {
        boolean rests = model.paused().get();
        Icons.change(pause, rests ? Feather.PLAY : Feather.PAUSE, rests ? "files.resume" : "files.pause");
        pause.setDisable(!model.busy().get());
        cancel.setDisable(!model.busy().get());
    }

    /** Asks for recordings. */
    public void chooseFiles() {
        FileChooser chooser = new FileChooser();
        chooser.setTitle(Strings.get("files.add"));
        List<File> files = chooser.showOpenMultipleDialog(getScene().getWindow());
        if (files != null) {
            model.add(files.stream().map(File::toPath).toList());
        }
    }

    private void chooseFolder() {
        DirectoryChooser chooser = new DirectoryChooser();
        chooser.setTitle(Strings.get("files.addFolder"));
        File folder = chooser.showDialog(getScene().getWindow());
        if (folder != null) {
            model.add(List.of(folder.toPath()));
        }
    }

    /** A recording. */
    private final class Cell extends ListCell<QueueItem> {
        private final FontIcon icon = Icons.of(Feather.CLOCK, 18);
        private final Label name = new Label();
        private final Label detail = new Label();
        private final ProgressBar bar = new ProgressBar();
        private final HBox actions = new HBox(2);
        private final VBox middle = new VBox(3, name, detail, bar);
        private final HBox row = new HBox(14, icon, middle, actions);
        private final ChangeListener<Number> change = (o, was, is) -> render();
        private State shown;

        Cell() {
            getStyleClass().add("queue-item");
            name.getStyleClass().add("name");
            detail.getStyleClass().add("detail");
            detail.setWrapText(true);
            bar.setMaxWidth(Double.MAX_VALUE);
            bar.managedProperty().bind(bar.visibleProperty());
            HBox.setHgrow(middle, Priority.ALWAYS);
            middle.setMinWidth(0);
            row.setAlignment(Pos.CENTER_LEFT);
            actions.setAlignment(Pos.CENTER_RIGHT);
            actions.setMinWidth(Region.USE_PREF_SIZE);
            setPrefWidth(0);
            setOnMouseClicked(event -> {
                if (getItem() != null && event.getClickCount() == 2 && getItem().state() == State.DONE) {
                    onOpen.accept(getItem());
                }
            });
        }

        @Override
        protected void updateItem(QueueItem item, boolean none) {
            if (getItem() != null) {
                getItem().revision().removeListener(change);
            }
            super.updateItem(item, none);
            shown = null;
            if (none || item == null) {
                setGraphic(null);
                return;
            }
            item.revision().addListener(change);
            setGraphic(row);
            render();
        }

        private void render() {
            QueueItem item = getItem();
            name.setText(item.recording().getFileName().toString());
            detail.setText(describe(item));
            bar.setVisible(item.state() == State.RUNNING);
            bar.setProgress(item.progress());
            setAccessibleText(name.getText() + ", " + detail.getText());
            if (item.state() != shown) {
                shown = item.state();
                icon.setIconCode(
                        switch (item.state()) {
                            case WAITING -> Feather.CLOCK;
                            case RUNNING -> Feather.ACTIVITY;
                            case DONE -> Feather.CHECK_CIRCLE;
                            case FAILED -> Feather.ALERT_TRIANGLE;
                            case CANCELLED -> Feather.SLASH;
                        });
                row.getStyleClass()
                        .setAll("queue-row", "state-" + item.state().name().toLowerCase(Locale.ROOT));
                actions.getChildren().setAll(actions(item));
            }
        }

        private List<Button> actions(QueueItem item) {
            List<Button> buttons = new ArrayList<>();
            switch (item.state()) {
                case DONE -> {
                    buttons.add(Icons.iconButton(Feather.FILE_TEXT, "files.open", () -> onOpen.accept(item)));
                    Path shownFile = item.outputs().isEmpty()
                            ? item.recording()
                            : item.outputs().get(0);
                    buttons.add(Icons.iconButton(Feather.FOLDER, "folder.show", () -> desk.showInFolder(shownFile)));
                    buttons.add(Icons.iconButton(Feather.X, "files.remove", () -> model.remove(item)));
                }
                case FAILED, CANCELLED -> {
                    buttons.add(Icons.iconButton(Feather.REFRESH_CW, "files.retry", () -> model.retry(item)));
                    buttons.add(
                            Icons.iconButton(Feather.FOLDER, "folder.show", () -> desk.showInFolder(item.recording())));
                    buttons.add(Icons.iconButton(Feather.X, "files.remove", () -> model.remove(item)));
                }
                case WAITING, RUNNING ->
                    buttons.add(Icons.iconButton(Feather.X, "files.cancelOne", () -> model.cancel(item)));
            }
            return buttons;
        }

        private String describe(QueueItem item) {
            String length = Double.isNaN(item.total()) ? "" : Figures.duration(item.total());
            return switch (item.state()) {
                case WAITING -> join(length, Strings.get("files.waiting"));
                case RUNNING ->
                    join(
                            Figures.clock(item.done()) + (length.isEmpty() ? "" : " / " + Figures.clock(item.total())),
                            item.speed() == 0
                                    ? Strings.get("files.starting")
                                    : Strings.get("files.speed", Math.round(item.speed())),
                            item.speed() == 0 || Double.isNaN(item.total())
                                    ? ""
                                    : Strings.get(
                                            "files.left",
                                            Figures.duration((item.total() - item.done()) / item.speed())));
                case DONE ->
                    join(
                            length,
                            item.words() == 0 ? Strings.get("files.silent") : Strings.get("files.words", item.words()),
                            saved(item),
                            item.message());
                case FAILED -> item.message();
                case CANCELLED -> Strings.get("files.cancelled");
            };
        }

        private static String saved(QueueItem item) {
            List<String> names = item.outputs().stream()
                    .map(file -> file.getFileName().toString())
                    .toList();
            return names.isEmpty() ? "" : Strings.get("files.saved", String.join(", ", names));
        }

        private static String join(String... parts) {
            return String.join(
                    "  ·  ", List.of(parts).stream().filter(p -> !p.isEmpty()).toList());
        }
    }
}
