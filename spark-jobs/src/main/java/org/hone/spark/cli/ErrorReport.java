package org.hone.spark.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import org.hone.spark.recipe.RecipeException;
import org.hone.spark.run.UnfinishedWorkException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;

/** Turns an exception into a message for a person; the stack trace goes to the log at debug level. */
final class ErrorReport implements CommandLine.IExecutionExceptionHandler {
    private static final Logger LOG = LoggerFactory.getLogger(ErrorReport.class);

    @Override
    public int handleExecutionException(Exception error, CommandLine command, CommandLine.ParseResult parsed) {
        LOG.debug("the command failed", error);
        if (error instanceof UnfinishedWorkException) {
            return report(command, String.valueOf(error.getMessage()), ExitCodes.FAILED);
        }
        boolean wrongInput = isWrongInput(error);
        return report(command, message(error, wrongInput), wrongInput ? ExitCodes.WRONG_INPUT : ExitCodes.FAILED);
    }

    private static int report(CommandLine command, String message, int exit) {
        command.getErr().println("hone: " + message);
        command.getErr().flush();
        return exit;
    }

    private static boolean isWrongInput(Throwable error) {
        return error instanceof RecipeException
                || error instanceof IllegalArgumentException
                || error instanceof UncheckedIOException
                || error instanceof IOException;
    }

    private static String message(Exception error, boolean wrongInput) {
        if (wrongInput) {
            return String.valueOf(error.getMessage());
        }
        String message = String.valueOf(error.getMessage());
        int trace = message.indexOf("\n\tat ");
        String head = trace < 0 ? message : message.substring(0, trace);
        return error.getClass().getSimpleName() + ": " + head
                + "\nWhat was finished is kept; the same command goes on from there.";
    }
}
