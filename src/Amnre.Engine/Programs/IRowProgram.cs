namespace Amnre.Engine.Programs;

/// <summary>Something that simulates batches, one at a time. Disposing it ends its process cleanly.</summary>
internal interface IRowProgram : IAsyncDisposable
{
    /// <param name="batch">The rows wanted.</param>
    /// <param name="x">Receives (n, observation size), row-major.</param>
    /// <param name="stop">Abandons the batch and kills the program.</param>
    /// <exception cref="ProgramException">The program failed; it was killed, and the next call restarts it.</exception>
    Task DrawAsync(RowBatch batch, Memory<float> x, CancellationToken stop);
}
