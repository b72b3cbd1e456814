using System.ComponentModel;
using System.Net.Sockets;
using System.Reflection;
using Amnre.Engine;
using Amnre.Jobs.Graph;
using Npgsql;

namespace Amnre.Worker.Execution;

/// <summary>Who is responsible for an exception. The user is only for what the user can correct in the study's files: what a reader or a
/// check says of
/// their content, or what is a function of the settings alone. Whatever the system refuses is the machine's, also where a reader has put it
/// into a sentence of its own.</summary>
internal static class FailureClassifier
{
    private const int NoMemory = 12, TooLarge = 27, NoSpace = 28, QuotaExceeded = 122; // ENOMEM, EFBIG, ENOSPC, EDQUOT

    private static readonly string[] MemoryWords = ["out of memory", "not enough memory", "can't allocate memory",
        "cannot allocate memory"];

    /// <summary>What GPUs and their libraries say when they are not well.</summary>
    private static readonly string[] DeviceWords = ["CUDA error", "CUDA driver", "cuDNN error", "cuBLAS error", "CUBLAS_STATUS",
        "CUDNN_STATUS", "NCCL error", "ECC error"];

    public static (FailureClass Class, string Message) Classify(Exception exception) => exception switch
    {
        // Of several at once the first that is not the user's: it may be what the others came from.
        AggregateException { InnerExceptions.Count: > 0 } several => several.InnerExceptions.Select(Classify)
            .OrderBy(one => one.Class == FailureClass.User).First(),
        TargetInvocationException or TypeInitializationException when exception.InnerException is { } inner => Classify(inner),
        InputException { InnerException: { } cause } e when SystemClass(cause) is { } owner => (owner, e.Message),
        InputException e => (FailureClass.User, e.Message),
        OutOfMemoryException e => (FailureClass.Resource, $"out of memory: {e.Message}"),
        IOException { HResult: NoSpace or QuotaExceeded } e => (FailureClass.Resource, $"disk full: {e.Message}"),
        IOException or UnauthorizedAccessException => (SystemClass(exception) ?? FailureClass.Infrastructure, exception.Message),
        _ when SystemClass(exception) is { } owner => (owner, exception.Message),
        DllNotFoundException or BadImageFormatException or EntryPointNotFoundException => (FailureClass.Infrastructure, exception.Message),
        var e when MemoryWords.Any(words => e.Message.Contains(words, StringComparison.OrdinalIgnoreCase)) =>
            (FailureClass.Resource, FirstLine(e.Message)),
        var e when DeviceWords.Any(words => e.Message.Contains(words, StringComparison.OrdinalIgnoreCase)) =>
            (FailureClass.Infrastructure, FirstLine(e.Message)),
        var e => (FailureClass.User, $"{e.GetType().Name}: {FirstLine(e.Message)}"),
    };

    /// <summary>Of what the system refused; null where it did not.</summary>
    private static FailureClass? SystemClass(Exception exception) => exception switch
    {
        AggregateException { InnerException: { } inner } => SystemClass(inner),
        TargetInvocationException { InnerException: { } inner } => SystemClass(inner),
        InputException { InnerException: { } inner } => SystemClass(inner),
        OutOfMemoryException => FailureClass.Resource,
        Win32Exception and not SocketException and { NativeErrorCode: var error } => OfError(error),
        SocketException or TimeoutException or NpgsqlException => FailureClass.Infrastructure,
        // Content that ends too early is not the system's word; its files have been compared before.
        EndOfStreamException => null,
        IOException { HResult: > 0 and var error } => OfError(error),
        // Without a number: of the runtime's own, such as a missing file, or of a library's.
        FileNotFoundException or DirectoryNotFoundException or DriveNotFoundException or PathTooLongException =>
            FailureClass.Infrastructure,
        UnauthorizedAccessException => FailureClass.Infrastructure,
        // The runtime has no other for EFBIG.
        ArgumentOutOfRangeException
            when exception.Message.Contains("file length was too large for the file system", StringComparison.Ordinal) =>
            FailureClass.Resource,
        _ => null,
    };

    private static FailureClass OfError(int error) => error is NoMemory or TooLarge or NoSpace or QuotaExceeded
        ? FailureClass.Resource
        : FailureClass.Infrastructure;

    private static string FirstLine(string text) => text.Split('\n')[0];
}
