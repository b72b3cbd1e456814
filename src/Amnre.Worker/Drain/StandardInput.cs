namespace Amnre.Worker.Drain;

/// <summary>The pipe from the program that started this one, for as long as that is there.</summary>
public static class StandardInput
{
    /// <param name="then">Done on a thread of its own when the input closes, and not where its owner has gone already.</param>
    public static void WhenClosed(Action then)
    {
        new Thread(() =>
        {
            Drain();
            try
            {
                then();
            }
            catch (ObjectDisposedException)
            {
                // Left already.
            }
        })
        { IsBackground = true, Name = "standard input" }.Start();
    }

    /// <summary>What is said does not matter, only that the writer is there.</summary>
    private static void Drain()
    {
        var buffer = new byte[256];
        try
        {
            using var input = Console.OpenStandardInput();
            while (input.Read(buffer) > 0)
            {
            }
        }
        catch (IOException)
        {
            // A broken pipe, or no pipe at all, is as good as a closed one.
        }
    }
}
