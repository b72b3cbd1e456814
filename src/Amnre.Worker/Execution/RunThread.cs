namespace Amnre.Worker.Execution;

/// <summary>A thread for one run: tensor loops are synchronous and long, and have no place in the thread pool.</summary>
internal static class RunThread
{
    public static Task<T> RunAsync<T>(string name, Func<T> run)
    {
        var completion = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        new Thread(() =>
        {
            try
            {
                completion.SetResult(run());
            }
            catch (Exception e) // Carried to the caller that awaits the run.
            {
                completion.SetException(e);
            }
        })
        {
            IsBackground = true, // A run that ignores its signals must not keep a stopping worker alive.
            Name = name,
        }.Start();
        return completion.Task;
    }
}
