"""The run of one patient, taken out of Tarim: on paper, as FHIR, its ECG as HL7 aECG and WFDB."""
