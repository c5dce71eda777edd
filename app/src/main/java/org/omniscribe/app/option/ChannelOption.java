package org.omniscribe.app.option;

import org.omniscribe.asr.audio.Channel;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** The option that says which channel of a recording is meant. */
public final class ChannelOption {
    @Option(
            names = "--channel",
            paramLabel = "N",
            converter = Converter.class,
            defaultValue = "mix",
            description = "The channel to transcribe, counted from 1, or mix for all. Default: ${DEFAULT-VALUE}.")
    private Channel channel;

    /** The channel. */
    public Channel channel() {
        return channel;
    }

    /** Reads {@code mix} or the number of a channel, counted from 1 as people do. */
    static final class Converter implements ITypeConverter<Channel> {
        @Override
        public Channel convert(String text) {
            if (text.equalsIgnoreCase("mix")) {
                return new Channel.Mix();
            }
            if (text.matches("[1-9]\\d{0,3}")) {
                return new Channel.Pick(Integer.parseInt(text) - 1);
            }
            throw new TypeConversionException("\"" + text + "\" is neither mix nor a number from 1 up");
        }
    }
}
