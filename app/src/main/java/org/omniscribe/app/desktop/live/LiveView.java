package org.omniscribe.app.desktop.live;

import java.util.List;
import java.util.Optional;
import javafx.css.PseudoClass;
import javafx.geometry.Pos;
import javafx.geometry.Side;
import javafx.scene.control.Button;
import javafx.scene.control.ComboBox;
import javafx.scene.control.ContextMenu;
import javafx.scene.control.Label;
import javafx.scene.control.MenuItem;
import javafx.scene.control.SeparatorMenuItem;
import javafx.scene.control.ToggleButton;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;
import javafx.util.StringConverter;
import org.kordamp.ikonli.feather.Feather;
import org.omniscribe.app.desktop.base.Desk;
import org.omniscribe.app.desktop.base.Figures;
import org.omniscribe.app.desktop.base.Icons;
import org.omniscribe.app.desktop.base.Notices;
import org.omniscribe.app.desktop.base.Strings;
import org.omniscribe.app.desktop.document.Document;
import org.omniscribe.app.desktop.document.DocumentPane;
import org.omniscribe.app.desktop.live.LiveModel.State;
import org.omniscribe.app.desktop.sound.SoundOutput;
import org.omniscribe.app.desktop.timeline.Lanes;
import org.omniscribe.asr.audio.Microphone;

/** Recording on the screen. */
public final class LiveView extends VBox {
    private static final PseudoClass RECORDING = PseudoClass.getPseudoClass("recording");
    private static final int MAX_SESSIONS = 12;
    private static final int FONT_STEP = 1;

    private final Desk desk;
    private final LiveModel model;
    private final DocumentPane pane;
    private final CaptionWindow captions;
    private final ComboBox<Optional<String>> device = new ComboBox<>();
    private final Button record;
    private final Button pause;
    private final Label state = new Label();
    private final Label message = new Label();
    private final ToggleButton caption = Icons.iconToggle(Feather.TV, "live.captions");
    private boolean listing;

    /** A view of a recording. */
    public LiveView(Desk desk, LiveModel model, SoundOutput output) {
        this.desk = desk;
        this.model = model;
        pane = new DocumentPane(desk, output);
        captions = new CaptionWindow(desk, () -> caption.setSelected(false));
        getStyleClass().add("page");

        record = Icons.button(Feather.MIC, "live.record", this::toggle);
        record.getStyleClass().add("record");
        pause = Icons.button(Feather.PAUSE, "live.pause", model::togglePause);
        buildDevices();
        state.getStyleClass().addAll("live-state", "figures");
        state.setMinWidth(Region.USE_PREF_SIZE);
        LevelMeter meter = new LevelMeter(model::level);
        Region gap = new Region();
        HBox.setHgrow(gap, Priority.ALWAYS);
        Button sessions = Icons.iconButton(Feather.CLOCK, "live.sessions", () -> {});
        sessions.setOnAction(event -> showSessions(sessions));
        HBox bar = new HBox(
                10,
                record,
                pause,
                device,
                meter,
                state,
                gap,
                caption,
                Icons.iconButton(Feather.SEARCH, "find.open", () -> pane.setFinding(!pane.finding())),
                Icons.iconButton(Feather.MINUS_CIRCLE, "text.smaller", () -> resize(-FONT_STEP)),
                Icons.iconButton(Feather.PLUS_CIRCLE, "text.larger", () -> resize(FONT_STEP)),
                Icons.iconButton(Feather.SHARE, "export.open", pane::export),
                sessions);
        bar.setAlignment(Pos.CENTER_LEFT);
        bar.getStyleClass().add("page-header");
        message.getStyleClass().add("problem-bar");
        message.setWrapText(true);
        message.setMaxWidth(Double.MAX_VALUE);
        message.textProperty().bind(model.message());
        message.visibleProperty().bind(model.message().isNotEmpty());
        message.managedProperty().bind(message.visibleProperty());
        VBox.setVgrow(pane, Priority.ALWAYS);
        getChildren().addAll(bar, message, pane);

        pane.text().setEmptyText(Strings.get("live.empty"), Strings.get("live.empty.hint"));
        pane.setOnChanged(model::save);
        caption.selectedProperty().addListener((o, was, is) -> captions.setShown(is));
        model.state().addListener((o, was, is) -> showState());
        model.document().addListener((o, was, is) -> show(is));
        model.soundRevision().addListener((o, was, is) -> openSound());
        model.microphones().addListener((o, was, is) -> listDevices());
        listDevices();
        showState();
        captions.show(null);
    }

    private void buildDevices() {
        device.setAccessibleText(Strings.get("live.device"));
        device.getStyleClass().add("device");
        device.setConverter(new StringConverter<>() {
            @Override
            public String toString(Optional<String> name) {
                return name == null || name.isEmpty() ? Strings.get("live.device.system") : name.get();
            }

            @Override
            public Optional<String> fromString(String text) {
                return Optional.of(text);
            }
        });
        device.setOnShowing(event -> model.findMicrophones());
        device.valueProperty().addListener((o, was, is) -> {
            if (!listing && is != null) {
                desk.settings().change(settings -> settings.withMicrophone(is));
            }
        });
    }

    private void listDevices() {
        listing = true;
        Optional<String> chosen = desk.settings().get().microphone();
        device.getItems().setAll(List.of(Optional.empty()));
        for (Microphone microphone : model.microphones().get()) {
            device.getItems().add(Optional.of(microphone.name()));
        }
        if (!device.getItems().contains(chosen)) {
            device.getItems().add(chosen);
        }
        device.setValue(chosen);
        listing = false;
    }

    /** Begins to record, or stops. */
    public void toggle() {
        if (model.state().get().active()) {
            model.stop();
        } else {
            model.start();
        }
    }

    /** Pauses, or goes on. */
    public void togglePause() {
        model.togglePause();
    }

    /** Shows or hides the captions. */
    public void toggleCaptions() {
        caption.setSelected(!caption.isSelected());
    }

    /** The text with its player. */
    public DocumentPane pane() {
        return pane;
    }

    private void resize(int by) {
        desk.settings().change(settings -> settings.withFontSize(settings.fontSize() + by));
    }

    private void show(Document document) {
        if (document == null) {
            return;
        }
        pane.show(document);
        pane.setRecording(model.state().get().active());
        pane.timeline().setLanes(Lanes.compact(document.timeline().layers()));
        pane.text().listen(captions::showWords);
        captions.show(document);
    }

    private void openSound() {
        if (!model.state().get().active() && pane.document().isPresent()) {
            pane.openSound();
        }
    }

    private void showState() {
        State now = model.state().get();
        boolean active = now.active();
        Icons.change(record, active ? Feather.SQUARE : Feather.MIC, active ? "live.stop" : "live.record");
        record.pseudoClassStateChanged(RECORDING, active);
        record.setDisable(now == State.STARTING || now == State.STOPPING);
        boolean paused = now == State.PAUSED;
        Icons.change(pause, paused ? Feather.PLAY : Feather.PAUSE, paused ? "live.resume" : "live.pause");
        pause.setDisable(now != State.RECORDING && !paused);
        device.setDisable(active);
        state.setText(
                switch (now) {
                    case IDLE -> "";
                    case STARTING -> Strings.get("live.starting");
                    case RECORDING -> Strings.get("live.recording");
                    case PAUSED -> Strings.get("live.paused");
                    case WAITING -> Strings.get("live.waiting");
                    case STOPPING -> Strings.get("live.stopping");
                });
        pane.setRecording(active);
    }

    private void showSessions(Button anchor) {
        ContextMenu menu = new ContextMenu();
        for (Session.Summary summary :
                model.sessions().get().stream().limit(MAX_SESSIONS).toList()) {
            MenuItem item = new MenuItem(Strings.get(
                    "live.session",
                    summary.session().title(),
                    Figures.duration(summary.seconds()),
                    Integer.toString(summary.words())));
            item.setMnemonicParsing(false);
            item.setOnAction(event -> model.open(summary.session()));
            menu.getItems().add(item);
        }
        if (menu.getItems().isEmpty()) {
            MenuItem none = new MenuItem(Strings.get("live.sessions.none"));
            none.setDisable(true);
            menu.getItems().add(none);
        }
        MenuItem folder = new MenuItem(Strings.get("live.sessions.folder"));
        folder.setOnAction(event -> desk.showInFolder(desk.folders().sessions().resolve("x")));
        menu.getItems().addAll(new SeparatorMenuItem(), folder);
        if (model.session().isPresent() && !model.state().get().active()) {
            MenuItem delete = new MenuItem(Strings.get("live.session.delete"));
            delete.setOnAction(event -> model.session().ifPresent(this::confirmDelete));
            menu.getItems().add(delete);
        }
        menu.show(anchor, Side.BOTTOM, 0, 4);
    }

    private void confirmDelete(Session session) {
        desk.notices()
                .tell(
                        Notices.Kind.WARNING,
                        Strings.get("live.session.delete.sure", session.title()),
                        Strings.get("live.session.delete"),
                        () -> model.delete(session));
    }
}
