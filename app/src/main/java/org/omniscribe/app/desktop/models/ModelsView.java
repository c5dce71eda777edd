package org.omniscribe.app.desktop.models;

import java.io.File;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import javafx.collections.ListChangeListener;
import javafx.geometry.Pos;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.control.ListCell;
import javafx.scene.control.ListView;
import javafx.scene.control.MenuButton;
import javafx.scene.control.MenuItem;
import javafx.scene.control.ScrollPane;
import javafx.scene.layout.FlowPane;
import javafx.scene.layout.GridPane;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;
import javafx.stage.DirectoryChooser;
import javafx.stage.FileChooser;
import org.kordamp.ikonli.feather.Feather;
import org.kordamp.ikonli.javafx.FontIcon;
import org.omniscribe.app.desktop.base.Desk;
import org.omniscribe.app.desktop.base.Figures;
import org.omniscribe.app.desktop.base.Icons;
import org.omniscribe.app.desktop.base.Notices;
import org.omniscribe.app.desktop.base.Strings;
import org.omniscribe.app.desktop.models.ModelsModel.Entry;
import org.omniscribe.asr.model.Architecture;
import org.omniscribe.asr.model.ModelBundle;
import org.omniscribe.asr.model.ModelManifest;
import org.omniscribe.asr.model.ModelManifest.Provenance;
import org.omniscribe.asr.model.ModelManifest.Score;
import org.omniscribe.export.checkpoint.OmniRouterParameters;

/** The models on the screen: a list, and all about the one that is selected. */
public final class ModelsView extends VBox {
    private static final double LIST_WIDTH = 250;

    private final Desk desk;
    private final ModelsModel model;
    private final ListView<Entry> list = new ListView<>();
    private final VBox details = new VBox(18);

    /** A view of the models. */
    public ModelsView(Desk desk, ModelsModel model) {
        this.desk = desk;
        this.model = model;
        getStyleClass().add("page");
        Label title = new Label(Strings.get("models.title"));
        title.getStyleClass().add("page-title");
        Region gap = new Region();
        HBox.setHgrow(gap, Priority.ALWAYS);
        MenuButton add = new MenuButton(Strings.get("models.import"), Icons.of(Feather.PLUS));
        add.getItems()
                .addAll(item("models.import.file", this::importFile), item("models.import.folder", this::importFolder));
        HBox header = new HBox(10, title, gap, add);
        header.setAlignment(Pos.CENTER_LEFT);
        header.getStyleClass().add("page-header");
        Label message = new Label();
        message.getStyleClass().add("problem-bar");
        message.setWrapText(true);
        message.setMaxWidth(Double.MAX_VALUE);
        message.textProperty().bind(model.message());
        message.visibleProperty().bind(model.message().isNotEmpty());
        message.managedProperty().bind(message.visibleProperty());
        list.getStyleClass().add("side-list");
        list.setMinWidth(LIST_WIDTH);
        list.setPrefWidth(LIST_WIDTH);
        list.setItems(model.entries());
        list.setAccessibleText(Strings.get("models.title"));
        list.setCellFactory(view -> new Cell());
        list.getSelectionModel().selectedItemProperty().addListener((o, was, is) -> show(is));
        model.entries().addListener((ListChangeListener<Entry>) change -> select());
        details.getStyleClass().add("details");
        ScrollPane scroll = new ScrollPane(details);
        scroll.setFitToWidth(true);
        scroll.getStyleClass().add("plain");
        HBox.setHgrow(scroll, Priority.ALWAYS);
        HBox body = new HBox(list, scroll);
        VBox.setVgrow(body, Priority.ALWAYS);
        getChildren().addAll(header, message, body);
        desk.settings().listen(settings -> {
            list.refresh();
            show(list.getSelectionModel().getSelectedItem());
        });
    }

    private static MenuItem item(String key, Runnable action) {
        MenuItem item = new MenuItem(Strings.get(key));
        item.setOnAction(event -> action.run());
        return item;
    }

    private void select() {
        for (Entry entry : model.entries()) {
            if (entry.path().equals(model.chosen())) {
                list.getSelectionModel().select(entry);
            }
        }
    }

    private void importFile() {
        FileChooser chooser = new FileChooser();
        chooser.setTitle(Strings.get("models.import.file"));
        chooser.getExtensionFilters()
                .add(new FileChooser.ExtensionFilter(Strings.get("models.bundle"), "*.zip", "*.omni"));
        File file = chooser.showOpenDialog(getScene().getWindow());
        if (file != null) {
            model.importBundle(file.toPath());
        }
    }

    private void importFolder() {
        DirectoryChooser chooser = new DirectoryChooser();
        chooser.setTitle(Strings.get("models.import.folder"));
        File folder = chooser.showDialog(getScene().getWindow());
        if (folder != null) {
            model.importBundle(folder.toPath());
        }
    }

    private void show(Entry entry) {
        details.getChildren().clear();
        if (entry == null) {
            return;
        }
        Label name = new Label(entry.name());
        name.getStyleClass().add("details-title");
        Region gap = new Region();
        HBox.setHgrow(gap, Priority.ALWAYS);
        HBox head = new HBox(10, name, gap);
        head.setAlignment(Pos.CENTER_LEFT);
        details.getChildren().add(head);
        boolean chosen = entry.path().equals(model.chosen());
        if (model.imported(entry)) {
            head.getChildren().add(Icons.iconButton(Feather.TRASH_2, "models.delete", () -> confirmDelete(entry)));
        }
        entry.path().ifPresent(path -> head.getChildren()
                .add(Icons.iconButton(Feather.FOLDER, "folder.show", () -> desk.showInFolder(path))));
        if (entry.bundle().isEmpty()) {
            Label fault = new Label(entry.fault());
            fault.getStyleClass().add("problem-bar");
            fault.setWrapText(true);
            fault.setMaxWidth(Double.MAX_VALUE);
            details.getChildren().add(fault);
            return;
        }
        Button use = Icons.button(Feather.CHECK, chosen ? "models.inUse" : "models.use", () -> model.choose(entry));
        use.setDisable(chosen);
        use.getStyleClass().add("primary");
        head.getChildren().add(use);
        ModelBundle bundle = entry.bundle().get();
        ModelManifest manifest = bundle.manifest();
        details.getChildren().add(facts(bundle));
        VBox drawing = section("models.architecture", new ArchitectureDrawing(manifest));
        VBox scores = section("models.scores", scores(manifest.provenance()));
        VBox origin = section("models.training", origin(manifest.provenance()));
        FlowPane columns = new FlowPane(40, 24, drawing, new VBox(24, scores, origin));
        details.getChildren().add(columns);
    }

    private static VBox section(String key, Node content) {
        Label title = new Label(Strings.get(key));
        title.getStyleClass().add("section-title");
        return new VBox(10, title, content);
    }

    private static FlowPane facts(ModelBundle bundle) {
        Architecture network = bundle.architecture();
        FlowPane facts = new FlowPane(36, 12);
        long parameters = OmniRouterParameters.shapes(network).values().stream()
                .mapToLong(shape -> {
                    long product = 1;
                    for (long extent : shape) {
                        product *= extent;
                    }
                    return product;
                })
                .sum();
        long bytes = bundle.sizes().values().stream().mapToLong(Long::longValue).sum();
        facts.getChildren()
                .addAll(
                        fact("models.parameters", String.format(Locale.ROOT, "%.1f M", parameters / 1e6)),
                        fact("models.size", Figures.bytes(bytes)),
                        fact("models.layers", Integer.toString(network.layers())),
                        fact("models.width", Integer.toString(network.width())),
                        fact("models.experts", network.formatExperts()),
                        fact(
                                "models.routing",
                                Strings.get("models.routing."
                                        + network.routing().name().toLowerCase(Locale.ROOT))),
                        fact("models.licence", bundle.manifest().provenance().licence()));
        return facts;
    }

    private static VBox fact(String key, String value) {
        Label name = new Label(Strings.get(key));
        name.getStyleClass().add("fact-name");
        Label text = new Label(value);
        text.getStyleClass().addAll("fact-value", "figures");
        VBox fact = new VBox(1, name, text);
        fact.setAccessibleText(name.getText() + " " + value);
        return fact;
    }

    private static Node scores(Provenance provenance) {
        if (provenance.scores().isEmpty()) {
            return faint(Strings.get("models.scores.none"));
        }
        GridPane table = table();
        table.addRow(
                0,
                faint(Strings.get("models.scores.set")),
                faint("WER"),
                faint("CER"),
                faint(Strings.get("models.scores.words")));
        int row = 1;
        for (Map.Entry<String, Score> score : provenance.scores().entrySet()) {
            table.addRow(
                    row++,
                    new Label(score.getKey()),
                    figure(String.format(
                            Locale.ROOT, "%.1f %%", 100 * score.getValue().wer())),
                    figure(String.format(
                            Locale.ROOT, "%.1f %%", 100 * score.getValue().cer())),
                    figure(String.format(Locale.ROOT, "%,d", score.getValue().words())));
        }
        return table;
    }

    private static Node origin(Provenance provenance) {
        GridPane table = table();
        int row = 0;
        table.addRow(
                row++,
                faint(Strings.get("models.created")),
                new Label(provenance.created().toString().substring(0, 10)));
        table.addRow(
                row++,
                faint(Strings.get("models.speech")),
                figure(String.format(Locale.ROOT, "%.1f h", provenance.hours())));
        for (ModelManifest.Corpus corpus : provenance.data()) {
            table.addRow(
                    row++,
                    new Label(""),
                    new Label(String.format(Locale.ROOT, "%s, %.1f h", corpus.name(), corpus.hours())));
        }
        table.addRow(
                row++,
                faint(Strings.get("models.steps")),
                figure(String.format(Locale.ROOT, "%,d", provenance.steps())));
        return table;
    }

    private static GridPane table() {
        GridPane table = new GridPane();
        table.setHgap(20);
        table.setVgap(5);
        return table;
    }

    private static Label faint(String text) {
        Label label = new Label(text);
        label.getStyleClass().add("faint");
        return label;
    }

    private static Label figure(String text) {
        Label label = new Label(text);
        label.getStyleClass().add("figures");
        return label;
    }

    private void confirmDelete(Entry entry) {
        desk.notices()
                .tell(
                        Notices.Kind.WARNING,
                        Strings.get("models.delete.sure", entry.name()),
                        Strings.get("models.delete"),
                        () -> model.delete(entry));
    }

    /** A model in the list. */
    private final class Cell extends ListCell<Entry> {
        private final FontIcon icon = Icons.of(Feather.BOX, 18);
        private final Label name = new Label();
        private final Label place = new Label();
        private final HBox row = new HBox(12, icon, new VBox(1, name, place));

        Cell() {
            name.getStyleClass().add("name");
            place.getStyleClass().add("detail");
            row.setAlignment(Pos.CENTER_LEFT);
            setPrefWidth(0);
        }

        @Override
        protected void updateItem(Entry entry, boolean none) {
            super.updateItem(entry, none);
            if (none || entry == null) {
                setGraphic(null);
                return;
            }
            boolean chosen = entry.path().equals(model.chosen());
            icon.setIconCode(
                    entry.bundle().isEmpty() ? Feather.ALERT_TRIANGLE : chosen ? Feather.CHECK_CIRCLE : Feather.BOX);
            name.setText(entry.name());
            Optional<String> file = entry.path().map(path -> path.getFileName().toString());
            place.setText(
                    entry.bundle().isEmpty()
                            ? Strings.get("models.unusable")
                            : file.orElseGet(() -> Strings.get("models.builtIn")));
            setGraphic(row);
        }
    }
}
