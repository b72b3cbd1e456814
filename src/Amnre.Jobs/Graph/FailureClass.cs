namespace Amnre.Jobs.Graph;

/// <summary>Whose fault a failure is; each class has its own retry budget.</summary>
public enum FailureClass
{
    /// <summary>The experiment's: running again unchanged gives the same end. The only class that consumes the user's retries.</summary>
    User,

    /// <summary>Memory or disk did not suffice.</summary>
    Resource,

    /// <summary>Host, database, network, or a worker that vanished.</summary>
    Infrastructure,

    /// <summary>The machine was taken away before the job could drain.</summary>
    Preempted,
}
