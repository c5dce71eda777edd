package org.omniscribe.app.cli;

import org.omniscribe.asr.audio.Channel;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads {@code mix} or the number of a channel, counted from 1 as people do. */
final class ChannelConverter implements ITypeConverter<Channel> {
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
