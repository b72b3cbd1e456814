using System.Reflection;
using Amnre.Cli.Terminal;
using Amnre.Jobs.Logs;

namespace Amnre.Cli;

/// <summary>The end of a command by an exception that no verb foresaw: a user gets one sentence, and the details go to a file.</summary>
internal static class UnforeseenEnd
{
    /// <summary>What the tensor library and the system say when memory is short.</summary>
    private static readonly string[] MemoryWords = ["out of memory", "not enough memory", "allocate memory"];

    /// <summary>Tells of it on standard error.</summary>
    /// <returns>The exit code.</returns>
    public static int Tell(Exception lost, string folder)
    {
        var story = Write(lost, folder) is { } path
            ? $"The details are in '{path}', which only you can read"
            : "The details could not be written anywhere";
        Console.Error.WriteLine($"amnre: {Sentence(lost)}. {story}");
        return ExitCode.Failed;
    }

    /// <summary>One line, without types and traces where their meaning is known.</summary>
    internal static string Sentence(Exception lost)
    {
        while (lost is AggregateException or TargetInvocationException or TypeInitializationException && lost.InnerException is { } inner)
            lost = inner;
        var words = (Redaction.Of(lost.Message) ?? "").Split('\n')[0].Trim().TrimEnd('.');
        var meaning = lost switch
        {
            OutOfMemoryException => "there is not enough memory",
            _ when Array.Exists(MemoryWords, some => words.Contains(some, StringComparison.OrdinalIgnoreCase)) =>
                "there is not enough memory",
            DllNotFoundException or BadImageFormatException or EntryPointNotFoundException =>
                "a library of the program is missing or of another version ('amnre doctor' says which)",
            TimeoutException => "something did not answer in time",
            OperationCanceledException => "it was stopped from within",
            _ => $"it ended by an error of its own ({lost.GetType().Name}), which should be reported",
        };
        return words.Length == 0 ? meaning : $"{meaning}: {words}";
    }

    private static string? Write(Exception lost, string folder)
    {
        var path = Path.Combine(folder, $"amnre-error-{Guid.NewGuid():N}.log");
        try
        {
            using var file = new FileStream(path, new FileStreamOptions
            {
                Mode = FileMode.CreateNew,
                Access = FileAccess.Write,
                UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
            });
            using var writer = new StreamWriter(file);
            writer.WriteLine($"{VersionText.Full}\n{Redaction.Of(lost.ToString())}");
            return path;
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
