using System.ComponentModel;
using Amnre.Engine;
using CliWrap;
using CliWrap.Buffered;

namespace Amnre.Jobs.Postgres;

/// <summary>Programs of the system and of PostgreSQL, each with an end to how long it may take.</summary>
internal static class SystemProgram
{
    /// <summary>For what does next to nothing, on a file system that answers.</summary>
    private static readonly TimeSpan Short = TimeSpan.FromSeconds(20);

    /// <param name="program">Name or path.</param>
    /// <param name="arguments">Its own.</param>
    /// <param name="timeout">How long it may take.</param>
    /// <param name="stop">Kills it.</param>
    /// <param name="folder">To run in.</param>
    /// <exception cref="InputException">It cannot be run.</exception>
    /// <exception cref="ServerTroubleException">It takes longer.</exception>
    public static async Task<BufferedCommandResult> RunAsync(string program, IReadOnlyList<string> arguments, TimeSpan timeout,
        CancellationToken stop, string folder = "/")
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(stop);
        limit.CancelAfter(timeout);
        try
        {
            return await Cli.Wrap(program).WithArguments(arguments).WithWorkingDirectory(folder)
                .WithValidation(CommandResultValidation.None).ExecuteBufferedAsync(limit.Token).ConfigureAwait(false);
        }
        catch (Win32Exception missing)
        {
            throw new InputException(
                $"the program '{program}', which a private database needs, cannot be run on {Environment.MachineName}: install " +
                "util-linux, coreutils and PostgreSQL, " +
                "or use an existing server with --postgres or AMNRE_POSTGRES", missing);
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            throw new ServerTroubleException($"'{program} {string.Join(' ', arguments)}' did not end within {timeout.TotalSeconds:0} s: " +
                "look whether its disk answers and what else the machine does, then try again");
        }
    }

    /// <summary>At once, for what does next to nothing.</summary>
    /// <inheritdoc cref="RunAsync"/>
    public static BufferedCommandResult Run(string program, params IReadOnlyList<string> arguments) =>
        RunAsync(program, arguments, Short, CancellationToken.None).GetAwaiter().GetResult();
}
