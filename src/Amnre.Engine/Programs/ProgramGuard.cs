using System.ComponentModel;
using System.Diagnostics;

namespace Amnre.Engine.Programs;

/// <summary>Sees to it that no program outlives this process. The guard is a shell in a session of its own that reads from us which
/// groups live; when we are gone, however that came, its input ends, and it kills those that are left.</summary>
internal sealed class ProgramGuard : IDisposable
{
    /// <summary>Programs that heed the end of their own input get a second to leave by themselves.</summary>
    private const string Script =
        """
        exec >/dev/null 2>&1
        trap '' HUP INT TERM
        live=' '
        while read -r sign id; do
          case $sign in
            +) live="$live$id " ;;
            -) case $live in *" $id "*) live="${live%%" $id "*} ${live#*" $id "}" ;; esac ;;
          esac
        done
        [ "$live" = "${live#* [0-9]}" ] && exit 0
        sleep 1
        for id in $live; do kill -s KILL -- "-$id"; done
        """;

    private readonly Process _shell;
    private readonly Lock _gate = new();

    /// <exception cref="InputException">This system cannot start it.</exception>
    public ProgramGuard()
    {
        var info = new ProcessStartInfo(ProcessGroup.Leader, ["/bin/sh", "-c", Script])
        {
            RedirectStandardInput = true,
            WorkingDirectory = "/",
        };
        info.Environment.Clear();
        info.Environment["PATH"] = "/usr/bin:/bin";
        try
        {
            _shell = Process.Start(info)!;
        }
        catch (Win32Exception failure)
        {
            throw new InputException($"{ProcessGroup.Leader}, which simulator programs are started with, could not be started ({failure.Message}): install util-linux", failure);
        }
    }

    /// <param name="group">Process id of a group's leader, just started.</param>
    public void Add(int group) => Tell($"+ {group}");

    /// <param name="group">Process id of a group's leader that has ended.</param>
    public void Remove(int group) => Tell($"- {group}");

    public void Dispose()
    {
        lock (_gate)
        {
            try
            {
                _shell.StandardInput.Close();
            }
            catch (Exception gone) when (gone is IOException or ObjectDisposedException)
            {
                // Somebody killed the guard.
            }

            _shell.Dispose();
        }
    }

    private void Tell(string line)
    {
        lock (_gate)
        {
            try
            {
                _shell.StandardInput.Write(line + "\n");
                _shell.StandardInput.Flush();
            }
            catch (Exception gone) when (gone is IOException or ObjectDisposedException)
            {
                // Somebody killed the guard; programs still see their input end.
            }
        }
    }
}
