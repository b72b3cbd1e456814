namespace Amnre.Engine.Programs;

/// <summary>How rows travel to a program and back.</summary>
internal enum RowProtocol
{
    /// <summary>The program stays and answers batch after batch on its standard input and output.</summary>
    Frames,

    /// <summary>The program is started for each batch, with the paths of an input and an output file.</summary>
    Hdf5,
}
