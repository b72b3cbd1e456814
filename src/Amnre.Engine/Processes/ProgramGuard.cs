using System.ComponentModel;
using System.Diagnostics;

namespace Amnre.Engine.Processes;

/// <summary>Sees to it that no program outlives this process. The guard is a shell in a session of its own that reads from us which
/// groups live; when we are gone, however that came, its input ends, and it kills those that are left.</summary>
internal sealed class ProgramGuard : IDisposable
{
    /// <summary>Programs that heed the end of their own input get a second to leave by themselves. What bears the mark, given as the first
    /// argument, is killed wherever it is: stopped first, so that none starts another, and again until none is left.</summary>
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
        if [ "$live" != "${live#* [0-9]}" ]; then
          sleep 1
          for id in $live; do kill -s KILL -- "-$id"; done
        fi
        for round in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
          found=
          while more=$(grep -lF "$1" /proc/[0-9]*/environ | tr -c '0-9\n' ' ') && [ "$more" != "$found" ]; do
            found=$more
            kill -s STOP $found
          done
          [ -n "$found" ] || exit 0
          kill -s KILL $found
          sleep 0.1
        done
        """;

    private readonly Process _shell;
    private readonly Lock _gate = new();
    private readonly ProgramMark _mark = ProgramMark.New();
    private int _programs;

    /// <exception cref="InputException">This system cannot start it.</exception>
    public ProgramGuard()
    {
        var info = new ProcessStartInfo(ProcessGroup.Leader,
            ["/bin/sh", "-c", Script, "amnre-guard", $"{ProgramMark.Variable}={_mark.Value}"])
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
            throw new InputException($"{ProcessGroup.Leader}, which simulator programs are started with, could not be started " +
                $"({failure.Message}): install util-linux", failure);
        }
    }

    /// <summary>A mark for a program about to be started.</summary>
    public ProgramMark NextMark() => _mark.Of(Interlocked.Increment(ref _programs));

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
                // The guard was killed.
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
                // The guard was killed; programs still see their input end.
            }
        }
    }
}
