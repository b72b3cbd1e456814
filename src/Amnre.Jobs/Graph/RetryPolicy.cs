namespace Amnre.Jobs.Graph;

/// <summary>How often a job may fail in each way, and how long it waits before the next attempt.</summary>
public sealed record RetryPolicy
{
    /// <summary>Default 0: results are a function of their settings, so a user failure repeats itself.</summary>
    public int UserRetries { get; init => field = OptionRange.NotNegative(value); }

    public int ResourceRetries { get; init => field = OptionRange.NotNegative(value); } = 2;

    public int InfrastructureRetries { get; init => field = OptionRange.NotNegative(value); } = 20;

    public int PreemptedRetries { get; init => field = OptionRange.NotNegative(value); } = 1000;

    /// <summary>How often a job runs again because its published results were found damaged or lost.</summary>
    public int DamageRetries { get; init; } = 3;

    /// <summary>A job is poison when this many of its attempts took their worker with them.</summary>
    public int PoisonAfter { get; init => field = OptionRange.Positive(value); } = 5;

    public TimeSpan FirstDelay { get; init => field = OptionRange.NotNegative(value); } = TimeSpan.FromSeconds(1);

    public TimeSpan LongestDelay { get; init => field = OptionRange.NotNegative(value); } = TimeSpan.FromMinutes(5);

    /// <summary>FirstDelay, doubled with each earlier failure of the same class, at most LongestDelay.</summary>
    public TimeSpan Delay(int earlierFailures) =>
        FirstDelay * Math.Pow(2, Math.Min(earlierFailures, 30)) is var delay && delay < LongestDelay ? delay : LongestDelay;

    public int Retries(FailureClass failure) => failure switch
    {
        FailureClass.User => UserRetries,
        FailureClass.Resource => ResourceRetries,
        FailureClass.Infrastructure => InfrastructureRetries,
        FailureClass.Preempted => PreemptedRetries,
        _ => throw new ArgumentOutOfRangeException(nameof(failure), failure, null),
    };
}

/// <summary>Failures of one job so far, by class.</summary>
/// <param name="Deaths">Attempts whose worker sent no heartbeat again; each also counts as infrastructure.</param>
internal sealed record FailureTally(int User, int Resource, int Infrastructure, int Preempted, int Deaths)
{
    /// <summary>How often the job's published results were found damaged or lost since its experiment was submitted.</summary>
    public int Damages { get; init; }

    public static FailureTally None { get; } = new(0, 0, 0, 0, 0);

    public int Of(FailureClass failure) => failure switch
    {
        FailureClass.User => User,
        FailureClass.Resource => Resource,
        FailureClass.Infrastructure => Infrastructure,
        FailureClass.Preempted => Preempted,
        _ => throw new ArgumentOutOfRangeException(nameof(failure), failure, null),
    };

    public FailureTally With(FailureClass failure) => failure switch
    {
        FailureClass.User => this with { User = User + 1 },
        FailureClass.Resource => this with { Resource = Resource + 1 },
        FailureClass.Infrastructure => this with { Infrastructure = Infrastructure + 1 },
        FailureClass.Preempted => this with { Preempted = Preempted + 1 },
        _ => throw new ArgumentOutOfRangeException(nameof(failure), failure, null),
    };
}
