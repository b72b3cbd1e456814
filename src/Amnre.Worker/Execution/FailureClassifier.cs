using System.Net.Sockets;
using System.Reflection;
using Amnre.Engine;
using Amnre.Jobs.Graph;
using Npgsql;

namespace Amnre.Worker.Execution;

/// <summary>Whose fault an exception is.</summary>
internal static class FailureClassifier
{
    private const int NoSpace = 28; // ENOSPC
    private const int QuotaExceeded = 122; // EDQUOT
    private static readonly string[] MemoryWords = ["out of memory", "not enough memory", "can't allocate memory", "cannot allocate memory"];

    public static (FailureClass Class, string Message) Classify(Exception exception) => Innermost(exception) switch
    {
        InputException e => (FailureClass.User, e.Message),
        OutOfMemoryException e => (FailureClass.Resource, $"out of memory: {e.Message}"),
        IOException { HResult: NoSpace or QuotaExceeded } e => (FailureClass.Resource, $"disk full: {e.Message}"),
        FileNotFoundException or DirectoryNotFoundException => (FailureClass.User, exception.Message),
        IOException e => (FailureClass.Infrastructure, e.Message),
        NpgsqlException or SocketException or TimeoutException => (FailureClass.Infrastructure, exception.Message),
        DllNotFoundException or BadImageFormatException or EntryPointNotFoundException => (FailureClass.Infrastructure, exception.Message),
        var e when MemoryWords.Any(words => e.Message.Contains(words, StringComparison.OrdinalIgnoreCase)) => (FailureClass.Resource, FirstLine(e.Message)),
        var e => (FailureClass.User, $"{e.GetType().Name}: {e.Message}"),
    };

    /// <summary>What wrappers hide; an exception of meaning of its own is not unwrapped.</summary>
    private static Exception Innermost(Exception exception) =>
        exception is AggregateException or TargetInvocationException or TypeInitializationException && exception.InnerException is { } inner
            ? Innermost(inner) : exception;

    private static string FirstLine(string text) => text.Split('\n')[0];
}
